#!/usr/bin/env bash
# FastAPI 0.165.0 accepts `Annotated[list[int], Cookie()]` and a mapping in a query model, and puts both
# into its OpenAPI document, whose default style for a cookie and for a query is "form" (OpenAPI 3.1,
# section 4.8.12): `c=1&c=2`, and `a=1` for the entry `a` of the mapping. One would guess that a request
# of that form is read. A cookie reaches the model as one text, which is no list, and a mapping only
# under its own name, also as text: whatever is sent, the answer is 422 or the value stays empty.
# Seen on 2026-11-30 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/given.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import Cookie, FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()


class Sought(BaseModel):
    m: dict[str, int] = {}


@app.get("/cookie")
def cookie(c: Annotated[list[int], Cookie()]):
    return c


@app.get("/query")
def query(q: Annotated[Sought, Query()]):
    return q.m


for path, operation in app.openapi()["paths"].items():
    (parameter,) = operation["get"]["parameters"]
    print(path, "documents", parameter["in"], parameter["name"], parameter["schema"]["type"])
client = TestClient(app)
for said in ("c=1", "c=1; c=2", "c=1&c=2", "c=1,2", "c=[1]"):
    print("Cookie:", said, "answers", client.get("/cookie", headers={"Cookie": said}).status_code)
for said in ("a=1", "m[a]=1", "m=a,1", 'm={"a":1}'):
    answer = client.get("/query?" + said)
    print("?" + said, "answers", answer.status_code, answer.text if answer.status_code == 200 else "")
EOF
"$folder/venv/bin/python" "$folder/given.py" | sed 's/ *$//' > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/cookie documents cookie c array
/query documents query m object
Cookie: c=1 answers 422
Cookie: c=1; c=2 answers 422
Cookie: c=1&c=2 answers 422
Cookie: c=1,2 answers 422
Cookie: c=[1] answers 422
?a=1 answers 200 {}
?m[a]=1 answers 200 {}
?m=a,1 answers 422
?m={"a":1} answers 422
EOF
cat "$folder/seen"
