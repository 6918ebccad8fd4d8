#!/usr/bin/env bash
# The first footnote mark of a page is 1: HTML and PDF number marks as readers meet them, one would guess.
# Markdown 3.11.3, which MkDocs renders with, numbers in the order of the definitions at the end: a
# paragraph moved to the front gets the highest number, and a page that GitHub's reader numbers 1, 2, 3 is 2,
# 1, 3 on the site. `USE_DEFINITION_ORDER: false` numbers by the marks, and even a note that only another
# note marks has its place then.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check markdown==3.11.3 \
    markdown-it-py==4.0.0 mdit-py-plugins==0.5.0
cat > "$folder/notes.py" <<'EOF'
import re

import markdown
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

TEXT = "Moved here.[^b] Written first.[^a] And last.[^c]\n\n[^a]: A.\n\n[^b]: B.\n\n[^c]: C.\n"


def numbers(html: str) -> list[str]:
    return re.findall(r"<sup[^>]*><a[^>]*>\[?(\d+)", html)


print("Markdown:", numbers(markdown.markdown(TEXT, extensions=["footnotes"])))
options = {"footnotes": {"USE_DEFINITION_ORDER": False}}
print("by marks:", numbers(markdown.markdown(TEXT, extensions=["footnotes"], extension_configs=options)))
print("markdown-it:", numbers(MarkdownIt().use(footnote_plugin).render(TEXT)))
EOF
"$folder/venv/bin/python" "$folder/notes.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
Markdown: ['2', '1', '3']
by marks: ['1', '2', '3']
markdown-it: ['1', '2', '3']
EOF
cat "$folder/seen"
