#!/usr/bin/env bash
# `\textbar` and `\textasciigrave` in a title are the signs | and ` for TeX, and one would guess that Pandoc,
# which reads \textless and \textbackslash, gives them. Pandoc 3.9 drops them, and \textbraceleft, without a
# word from a biblatex file: "a \textbar{} b" becomes "A  b".
# Seen on 2026-11-30 with pypandoc-binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc-binary==1.17
cat > "$folder/signs.py" <<'EOF'
import json

import pypandoc

for macro in ("textless", "textbackslash", "textbar", "textasciigrave", "textbraceleft"):
    text = "@online{k, title = {a \\" + macro + "{} b}}"
    print(macro, json.loads(pypandoc.convert_text(text, "csljson", format="biblatex"))[0]["title"])
EOF
"$folder/venv/bin/python" "$folder/signs.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
textless A < b
textbackslash A \ b
textbar A  b
textasciigrave A  b
textbraceleft A  b
EOF
cat "$folder/seen"
