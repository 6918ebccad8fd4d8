#!/usr/bin/env bash
# The JSON Schema that Pydantic 2.14.4 writes for a limited Decimal keeps `ge` on the number
# branch alone, and `max_digits` and `decimal_places` nowhere in validation mode: `"-5"` and
# `"1.234"` conform to the schema (JSON Schema 2020-12, anyOf) and are refused by the model.
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic==2.14.4 jsonschema==4.23.0
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
from decimal import Decimal
from typing import Annotated

import jsonschema
from pydantic import Field, TypeAdapter, ValidationError

money = TypeAdapter(Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0)])
schema = money.json_schema()
print(schema)
for value in (-5, "-5", "1.234"):
    by_schema = not list(jsonschema.Draft202012Validator(schema).iter_errors(value))
    try:
        by_model = bool(money.validate_python(value) or True)
    except ValidationError:
        by_model = False
    print(repr(value), "schema", by_schema, "model", by_model)
EOF
diff - "$folder/seen" <<'EOF'
{'anyOf': [{'minimum': 0.0, 'type': 'number'}, {'type': 'string'}]}
-5 schema False model False
'-5' schema True model False
'1.234' schema True model False
EOF
cat "$folder/seen"
