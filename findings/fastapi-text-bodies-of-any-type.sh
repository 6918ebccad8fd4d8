#!/usr/bin/env bash
# A body that is documented as `application/json` alone is refused in another type, as a model is (422).
# FastAPI 0.165.0 hands a body of any other type, or of none, to a scalar parameter as its bytes, and
# Pydantic takes them: text arrives as it was sent, JSON text with its quotes, numbers as numbers. The
# handler cannot tell which it was: `"a"` is `a` from one caller and `"a"` from another.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/bodies_app.py" <<'EOF'
import warnings
from typing import Annotated

from fastapi import Body, FastAPI

warnings.simplefilter("ignore")  # of the test client's own
from fastapi.testclient import TestClient  # noqa: E402

app = FastAPI()


@app.post("/text")
def text(a: Annotated[str, Body()]) -> str:
    return a


@app.post("/number")
def number(a: Annotated[int, Body()]) -> int:
    return a


@app.post("/list")
def listed(a: list[int]) -> list[int]:
    return a


client = TestClient(app)
for path, content in (("/text", b'"a"'), ("/number", b"1"), ("/list", b"[1]")):
    print(path, "documented as", *app.openapi()["paths"][path]["post"]["requestBody"]["content"])
    for media in ("application/json", "text/plain", ""):
        answer = client.post(path, content=content, headers={"Content-Type": media} if media else {})
        print(" ", media or "no type", answer.status_code, answer.text if answer.is_success else "")
EOF
"$folder/venv/bin/python" "$folder/bodies_app.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/text documented as application/json
  application/json 200 "a"
  text/plain 200 "\"a\""
  no type 200 "\"a\""
/number documented as application/json
  application/json 200 1
  text/plain 200 1
  no type 200 1
/list documented as application/json
  application/json 200 [1]
  text/plain 422 
  no type 422 
EOF
cat "$folder/seen"
