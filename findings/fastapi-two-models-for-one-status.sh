#!/usr/bin/env bash
# A route with `response_model=Sent` (or a return annotation) that also names a model for its own status
# in `responses={200: {"model": Documented}}`: one would guess that FastAPI 0.165.0 refuses that, or that
# the model which filters the answer is the one of the document. The document has the other model, and
# not the one that is sent; a client that is generated from it looks for fields that never come.
# Seen on 2026-11-30 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/models.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()


class Sent(BaseModel):
    a: int


class Documented(BaseModel):
    b: int


@app.get("/named", response_model=Sent, responses={200: {"model": Documented}})
def named():
    return {"a": 1, "b": 2}


@app.get("/annotated", responses={200: {"model": Documented}})
def annotated() -> Sent:
    return Sent(a=1)


document = app.openapi()
for path, operation in document["paths"].items():
    content = operation["get"]["responses"]["200"]["content"]["application/json"]
    print(path, "documents", content["schema"]["$ref"].rpartition("/")[2])
    print(path, "sends", TestClient(app).get(path).text)
EOF
"$folder/venv/bin/python" "$folder/models.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/named documents Documented
/named sends {"a":1}
/annotated documents Documented
/annotated sends {"a":1}
EOF
cat "$folder/seen"
