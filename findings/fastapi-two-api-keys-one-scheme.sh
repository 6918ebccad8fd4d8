#!/usr/bin/env bash
# One would guess that an application with `APIKeyHeader(name="X-A")` and `APIKeyHeader(name="X-B")`
# documents two security schemes. FastAPI 0.165.0 calls both by the name of their class, so the last
# one is the only one in the document, and the operation that needs X-A is documented as needing X-B:
# who follows the document is refused. `scheme_name=` tells them apart.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1
cat > "$folder/keys.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import APIKeyHeader
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/a")
def a(key: Annotated[str, Depends(APIKeyHeader(name="X-A"))]):
    return key


@app.get("/b")
def b(key: Annotated[str, Depends(APIKeyHeader(name="X-B"))]):
    return key


document = app.openapi()
(wanted,) = document["paths"]["/a"]["get"]["security"]
(name,) = wanted
header = document["components"]["securitySchemes"][name]["name"]
print("schemes:", len(document["components"]["securitySchemes"]))
print("documented header of /a:", header)
client = TestClient(app)
print("/a with it:", client.get("/a", headers={header: "k"}).is_success)
print("/a with X-A:", client.get("/a", headers={"X-A": "k"}).is_success)
EOF
"$folder/venv/bin/python" "$folder/keys.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
schemes: 1
documented header of /a: X-B
/a with it: False
/a with X-A: True
EOF
cat "$folder/seen"
