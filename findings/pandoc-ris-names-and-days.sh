#!/usr/bin/env bash
# Pandoc 3.9 reads RIS's `AU  - Smith, John, Jr.` (last, first, suffix, as the format defines it)
# as the person "Jr. Smith, John"; a `DA` without `PY` gives no date, and the usual
# `PY  - 2024/03/05/` gives an empty one. Seen on 2026-11-30 with pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc_binary==1.17
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import json

import pypandoc

for day in ("DA  - 2024/03/05/", "PY  - 2024/03/05/", "PY  - 2024"):
    text = f"TY  - ELEC\nAU  - Smith, John, Jr.\nTI  - T\n{day}\nER  - \n"
    (entry,) = json.loads(pypandoc.convert_text(text, "csljson", format="ris"))
    print(day, entry["author"], entry.get("issued"))
EOF
diff - "$folder/seen" <<'EOF'
DA  - 2024/03/05/ [{'family': 'Smith', 'given': 'Jr.', 'suffix': 'John'}] None
PY  - 2024/03/05/ [{'family': 'Smith', 'given': 'Jr.', 'suffix': 'John'}] {'date-parts': []}
PY  - 2024 [{'family': 'Smith', 'given': 'Jr.', 'suffix': 'John'}] {'date-parts': [[2024]]}
EOF
cat "$folder/seen"
