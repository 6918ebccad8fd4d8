#!/usr/bin/env bash
# A comment at the end of a long paragraph is inline HTML. Prettier 3.10.1 with `--prose-wrap always` may put it
# at the beginning of a line, and one would guess that it stays in the paragraph. There it is an HTML block
# (CommonMark 0.31, 4.6: such a block may interrupt a paragraph): what follows is a paragraph of its own,
# and a sentence is cut in two. mdformat 1.0.0 indents the line, so that it stays inline.
# Seen on 2026-11-30 with Node 20, markdown-it-py 4.0.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mdformat==1.0.0 markdown-it-py==4.0.0
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund prettier@3.10.1
words=$(printf 'words %.0s' {1..12})
printf '%s\n' "${words}end. <!-- a comment --> More of the same paragraph." > before.md
cp before.md prettier.md
cp before.md mdformat.md
npx prettier --prose-wrap always --write prettier.md >/dev/null
venv/bin/mdformat --wrap 80 mdformat.md
venv/bin/python - > seen <<'EOF'
from pathlib import Path

from markdown_it import MarkdownIt

for name in ("before", "prettier", "mdformat"):
    tokens = MarkdownIt().parse(Path(f"{name}.md").read_text())
    print(name, [one.type for one in tokens if one.type in ("paragraph_open", "html_block")])
EOF
diff - seen <<'EOF'
before ['paragraph_open']
prettier ['paragraph_open', 'html_block']
mdformat ['paragraph_open']
EOF
cat seen
