#!/usr/bin/env bash
# `response_model_exclude` takes a field out of an answer, and one would guess that the document follows.
# FastAPI 0.165.0 documents the whole model, with the excluded field as required: the answer is not
# valid by the documented schema.
# Seen on 2026-11-30 with Python 3.11 and jsonschema 4.26.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1 jsonschema==4.26.0
cat > "$folder/excluded.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel

app = FastAPI()


class Order(BaseModel):
    number: int
    notes: list[str] = []


@app.get("/excluded", response_model_exclude={"number"})
def excluded() -> Order:
    return Order(number=1)


document = app.openapi()
for path in document["paths"]:
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    schema = answer["schema"] | {"components": document["components"]}
    said = TestClient(app).get(path).json()
    wrong = [error.message for error in Draft202012Validator(schema).iter_errors(said)]
    print(path, said, wrong)
EOF
"$folder/venv/bin/python" "$folder/excluded.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/excluded {'notes': []} ["'number' is a required property"]
EOF
cat "$folder/seen"
