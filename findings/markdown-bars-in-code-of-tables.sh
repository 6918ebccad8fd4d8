#!/usr/bin/env bash
# GitHub's tables end a cell at every bar, in code too, and a backslash before it is taken away
# (GFM, "Tables"). One would guess that a renderer with tables of that form agrees. Markdown 3.11.3, which
# MkDocs renders with, keeps a bar in code inside its cell, and leaves the backslash of one that is escaped:
# `str \| None` is shown with the backslash on the site and without it on GitHub. No form of a bar in code
# is right in both; outside of code `\|` is.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check markdown==3.11.3 markdown-it-py==4.0.0
cat > "$folder/bars.py" <<'EOF'
import re

import markdown
from markdown_it import MarkdownIt

for cell in ("`str | None`", r"`str \| None`", r"`str \\| None`", "`str &#124; None`", r"str \| None", "str &#124; None"):
    text = f"| type | note |\n| --- | --- |\n| {cell} | x |\n"
    shown = []
    for html in (markdown.markdown(text, extensions=["tables"]), MarkdownIt().enable("table").render(text)):
        row = html.rpartition("<tbody>")[2]
        cells = re.findall(r"<td>(.*?)</td>", row)
        shown.append([re.sub("</?code>", "`", one) for one in cells])
    print(cell, "- Markdown:", *shown[0], "- GFM:", *shown[1])
EOF
"$folder/venv/bin/python" "$folder/bars.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
`str | None` - Markdown: `str | None` x - GFM: `str None`
`str \| None` - Markdown: `str \| None` x - GFM: `str | None` x
`str \\| None` - Markdown: `str \\| None` x - GFM: `str \| None` x
`str &#124; None` - Markdown: `str &amp;#124; None` x - GFM: `str &amp;#124; None` x
str \| None - Markdown: str | None x - GFM: str | None x
str &#124; None - Markdown: str &#124; None x - GFM: str | None x
EOF
cat "$folder/seen"
