#!/usr/bin/env bash
# mdformat-gfm 1.0.0 formats GitHub's Markdown, and one would guess that GitHub's footnotes are kept. Their
# definitions and marks in front of a colon are escaped, so that GitHub shows brackets in place of a footnote;
# a mark before other words is left alone. mdformat-footnote 0.1.3 beside it keeps all of them.
# Seen on 2026-11-30 with mdformat 1.0.0; cmarkgfm 2025.10.22 is GitHub's own parser.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    mdformat==1.0.0 mdformat-gfm==1.0.0 mdformat-footnote==0.1.3 cmarkgfm==2025.10.22
"$folder/venv/bin/python" - > "$folder/seen" <<'EOS'
import cmarkgfm
import mdformat
from cmarkgfm.cmark import Options

text = "Five[^1]: measured. Six[^1].\n\n[^1]: A note.\n"
for extensions in ((), ("gfm",), ("gfm", "footnote")):
    made = mdformat.text(text, extensions=set(extensions))
    html = cmarkgfm.github_flavored_markdown_to_html(made, options=Options.CMARK_OPT_FOOTNOTES)
    print(extensions, made.splitlines(), html.count("data-footnote-ref>"))
EOS
diff - "$folder/seen" <<'EOS'
() ['Five\\[^1\\]: measured. Six[^1].', '', '\\[^1\\]: A note.'] 0
('gfm',) ['Five\\[^1\\]: measured. Six[^1].', '', '\\[^1\\]: A note.'] 0
('gfm', 'footnote') ['Five[^1]: measured. Six[^1].', '', '[^1]: A note.'] 2
EOS
cat "$folder/seen"
