#!/usr/bin/env bash
# `https&#58;//example.org` is text to GitHub's parser: an address that is written with a character reference is
# no autolink. remark-gfm 4.0.1 looks for addresses after references are decoded, and links it.
# Seen on 2026-11-30 with Node 20, remark-parse 11.0.0, unified 11.0.5, cmarkgfm 2025.10.22.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check cmarkgfm==2025.10.22
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund remark-gfm@4.0.1 remark-parse@11.0.0 unified@11.0.5
cat > read.mjs <<'EOS'
import parse from "remark-parse";
import gfm from "remark-gfm";
import { unified } from "unified";
for (const text of ["https&#58;//example.org", "www&#46;example.org", "https\\://example.org"]) {
  const tree = unified().use(parse).use(gfm).parse(text);
  console.log("remark-gfm", text, tree.children[0].children.map((node) => node.type).join());
}
EOS
node read.mjs > seen
venv/bin/python - >> seen <<'EOS'
import cmarkgfm

for text in ("https&#58;//example.org", "www&#46;example.org", r"https\://example.org"):
    html = cmarkgfm.github_flavored_markdown_to_html(text)
    print("cmark-gfm", text, "link" if "<a" in html else "text")
EOS
diff - seen <<'EOS'
remark-gfm https&#58;//example.org link
remark-gfm www&#46;example.org link
remark-gfm https\://example.org link
cmark-gfm https&#58;//example.org text
cmark-gfm www&#46;example.org text
cmark-gfm https\://example.org text
EOS
cat seen
