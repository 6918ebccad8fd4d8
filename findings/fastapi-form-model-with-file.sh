#!/usr/bin/env bash
# A model taken as `Form()` that has an `UploadFile` field is documented by FastAPI 0.165.0 as
# `application/x-www-form-urlencoded`; a request of that content type is answered 422, only
# `multipart/form-data` is accepted. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0 httpx==0.28.1 python-multipart
"$folder/venv/bin/python" -W ignore - > "$folder/seen" <<'EOF'
from typing import Annotated

from fastapi import FastAPI, Form, UploadFile
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()


class Upload(BaseModel):
    name: str
    file: UploadFile


@app.post("/upload")
def upload(data: Annotated[Upload, Form()]): ...


client = TestClient(app)
print(list(app.openapi()["paths"]["/upload"]["post"]["requestBody"]["content"]))
print(client.post("/upload", data={"name": "a", "file": "b"}).status_code)
print(client.post("/upload", data={"name": "a"}, files={"file": b"b"}).status_code)
EOF
diff - "$folder/seen" <<'EOF'
['application/x-www-form-urlencoded']
422
200
EOF
cat "$folder/seen"
