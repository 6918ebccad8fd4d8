#!/usr/bin/env bash
# Zotero writes a `>` in a title as {\textgreater}. One would guess that pylatexenc 2.11 gives the sign or
# leaves the macro; it gives nothing, so that "size {\textgreater}= 5" says "size = 5". \textbar and
# \textbraceleft vanish likewise, \textasciitilde does not. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pylatexenc==2.11
cat > "$folder/signs.py" <<'EOF'
from pylatexenc.latex2text import LatexNodes2Text

for macro in ("textgreater", "textless", "textbar", "textbraceleft", "textasciitilde"):
    text = "size {\\" + macro + "} 5"
    print(text, "->", LatexNodes2Text().latex_to_text(text))
EOF
"$folder/venv/bin/python" "$folder/signs.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
size {\textgreater} 5 -> size  5
size {\textless} 5 -> size  5
size {\textbar} 5 -> size  5
size {\textbraceleft} 5 -> size  5
size {\textasciitilde} 5 -> size ~ 5
EOF
cat "$folder/seen"
