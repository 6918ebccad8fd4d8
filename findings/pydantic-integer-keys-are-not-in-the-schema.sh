#!/usr/bin/env bash
# The schema of `dict[date, str]` says what keys are (`propertyNames`), as those of an enum and a pattern
# do. One would guess that `dict[int, str]` has the like. Pydantic 2.14.4 says nothing of integer keys,
# nor of their bounds: any key is valid by the schema, and most are refused.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic==2.14.4
cat > "$folder/keys.py" <<'EOF'
from datetime import date
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

for name, kind in {
    "date": dict[date, str],
    "int": dict[int, str],
    "int ≥ 3": dict[Annotated[int, Field(ge=3)], str],
}.items():
    adapter = TypeAdapter(kind)
    schema = adapter.json_schema()
    refused = []
    for key in ("2026-11-30", "1", "three"):
        try:
            adapter.validate_python({key: "x"})
        except ValidationError:
            refused.append(key)
    print(f"{name}: {schema.get('propertyNames')}, refused: {refused}")
EOF
"$folder/venv/bin/python" "$folder/keys.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
date: {'format': 'date'}, refused: ['1', 'three']
int: None, refused: ['2026-11-30', 'three']
int ≥ 3: None, refused: ['2026-11-30', '1', 'three']
EOF
cat "$folder/seen"
