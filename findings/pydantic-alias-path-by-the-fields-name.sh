#!/usr/bin/env bash
# A field with `validation_alias=AliasPath("size", 0)` is read from the first item of `size`. One would
# guess that the schema has `size`, or leaves the field out. Pydantic 2.14.4 writes the field's own name
# as required: what is valid by the schema is refused, and what is accepted is not valid by it.
# Seen on 2026-11-30 with Python 3.11 and jsonschema 4.26.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic==2.14.4 jsonschema==4.26.0
cat > "$folder/paths.py" <<'EOF'
from jsonschema import Draft202012Validator
from pydantic import AliasPath, BaseModel, Field, ValidationError


class Box(BaseModel):
    width: int = Field(validation_alias=AliasPath("size", 0))


schema = Box.model_json_schema()
print(sorted(schema["properties"]), schema["required"])
for value in ({"width": 3}, {"size": [3, 4]}):
    try:
        taken = repr(Box.model_validate(value))
    except ValidationError as error:
        taken = error.errors()[0]["type"]
    print(value, "valid by schema:", Draft202012Validator(schema).is_valid(value), "taken:", taken)
EOF
"$folder/venv/bin/python" "$folder/paths.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
['width'] ['width']
{'width': 3} valid by schema: True taken: missing
{'size': [3, 4]} valid by schema: False taken: Box(width=3)
EOF
cat "$folder/seen"
