#!/usr/bin/env bash
# Two marks of one footnote, `A[^1]. B[^2]. A[^1].`: markdown-it-footnote and Python-Markdown show 1, 2, 1, and
# one would guess that Pandoc does with `-f gfm`. Pandoc 3.9 repeats the note under a number of its own:
# 1, 2, 3, with the first note's text twice. Seen on 2026-11-30 with pypandoc-binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc-binary==1.17 markdown==3.10
cat > "$folder/notes.py" <<'EOF'
import re

import markdown
import pypandoc

TEXT = "A[^1]. B[^2]. A[^1].\n\n[^1]: First.\n\n[^2]: Second.\n"
html = markdown.markdown(TEXT, extensions=["footnotes"])
print("markdown:", re.findall(r'class="footnote-ref"[^>]*>(\d+)<', html))
print("pandoc:", pypandoc.convert_text(TEXT, "plain", format="gfm").split("\n\n")[0:5])
EOF
"$folder/venv/bin/python" "$folder/notes.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
markdown: ['1', '2', '1']
pandoc: ['A[1]. B[2]. A[3].', '[1] First.', '[2] Second.', '[3] First.\n']
EOF
cat "$folder/seen"
