#!/usr/bin/env bash
# Two `Security()` dependencies of one operation are both required at run time, and FastAPI
# 0.165.0 writes them as two entries of `security`, which OpenAPI reads as alternatives
# (https://spec.openapis.org/oas/v3.1.0#operation-object: only one of them needs to be satisfied).
# A client that follows the document sends one key and is answered 401. With `auto_error=False`
# the operation is listed as secured and answers 200 to anybody. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0 httpx==0.28.1
"$folder/venv/bin/python" -W ignore - > "$folder/seen" <<'EOF'
from fastapi import FastAPI, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.testclient import TestClient

app = FastAPI()
ONE = APIKeyHeader(name="X-One", scheme_name="one")
TWO = APIKeyHeader(name="X-Two", scheme_name="two")


@app.get("/both")
def both(first: str = Security(ONE), second: str = Security(TWO)): ...


@app.get("/open")
def opened(token=Security(HTTPBearer(auto_error=False))): ...


paths, client = app.openapi()["paths"], TestClient(app)
print(paths["/both"]["get"]["security"])
print(client.get("/both", headers={"X-One": "k"}).status_code)
print(client.get("/both", headers={"X-One": "k", "X-Two": "k"}).status_code)
print(paths["/open"]["get"]["security"], client.get("/open").status_code)
EOF
diff - "$folder/seen" <<'EOF'
[{'one': []}, {'two': []}]
401
200
[{'HTTPBearer': []}] 200
EOF
cat "$folder/seen"
