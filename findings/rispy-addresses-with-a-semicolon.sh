#!/usr/bin/env bash
# An address with a semicolon, and a note over two lines, in a RIS file. One would guess one address and one
# note. rispy 0.10.0 cuts the address at the semicolon, and gives each line of the note as a note of
# its own. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check rispy==0.10.0
cat > "$folder/record.py" <<'EOF'
import rispy

text = """TY  - ELEC
UR  - https://example.org/a;b=1
N1  - The pool holds
ten connections.
ER  -
"""
found = rispy.loads(text)[0]
print(found["urls"], found["notes"])
EOF
"$folder/venv/bin/python" "$folder/record.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
['https://example.org/a', 'b=1'] ['The pool holds', 'ten connections.']
EOF
cat "$folder/seen"
