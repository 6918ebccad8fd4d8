#!/usr/bin/env bash
# griffelib 2.4.1 reads a Google-style docstring whose `Returns:` holds a list. One would guess that
# the section is there, or that the text stays where it was. Where the first item goes on in an
# indented second line, the heading `Returns:` is in no section at all, only the words below it; and
# with `returns_multiple_items=False`, an option of mkdocstrings, an IndexError is raised.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check griffelib==2.4.1
cat > "$folder/read.py" <<'EOF'
import logging

import griffe

logging.disable()
TEXT = "Do.\n\nReturns:\n- a list item that goes on\n  on the next line\n"
sections = griffe.parse_google(griffe.Docstring(TEXT))
print("sections:", [one.kind.value for one in sections])
print("heading kept:", any("Returns" in str(one.value) for one in sections))
try:
    griffe.parse_google(griffe.Docstring(TEXT), returns_multiple_items=False)
    print("one item: read")
except Exception as error:
    print("one item:", type(error).__name__)
EOF
"$folder/venv/bin/python" "$folder/read.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
sections: ['text', 'text']
heading kept: False
one item: IndexError
EOF
cat "$folder/seen"
