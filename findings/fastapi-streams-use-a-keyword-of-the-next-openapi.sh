#!/usr/bin/env bash
# An endpoint that yields items is documented by FastAPI 0.165.0 with `itemSchema`, a keyword of
# OpenAPI 3.2 (https://spec.openapis.org/oas/v3.2.0#media-type-object), in a document that says
# it is 3.1.0. A reader of 3.1 finds a media type without a schema and a model that no operation
# uses. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
from collections.abc import AsyncIterable

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    a: int


@app.get("/lines")
async def lines() -> AsyncIterable[Item]:
    yield Item(a=1)


document = app.openapi()
print(document["openapi"], document["paths"]["/lines"]["get"]["responses"]["200"]["content"])
EOF
diff - "$folder/seen" <<'EOF'
3.1.0 {'application/jsonl': {'itemSchema': {'$ref': '#/components/schemas/Item'}}}
EOF
cat "$folder/seen"
