#!/usr/bin/env bash
# BibTeX joins texts with `#`, also with names that @string defines. One would guess that bibtexparser 2.1.0,
# which replaces such names, joins them. It replaces a value that is one name alone; a value of several
# parts stays as it is in the file, signs and quotation marks included.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check bibtexparser==2.1.0
cat > "$folder/joined.py" <<'EOF'
import bibtexparser

text = """@string{org = "Example Foundation"}
@misc{alone, author = org}
@misc{joined, author = org # " and Others"}
"""
for entry in bibtexparser.parse_string(text).entries:
    print(entry.key, "->", entry.fields_dict["author"].value)
EOF
"$folder/venv/bin/python" "$folder/joined.py" 2>/dev/null > "$folder/seen"
diff - "$folder/seen" <<'EOF'
alone -> Example Foundation
joined -> org # " and Others"
EOF
cat "$folder/seen"
