#!/usr/bin/env bash
# A field that is documented as a number is answered as a number, or the server fails. FastAPI 0.165.0
# answers `null` where the handler has a return type and the value is not finite: Pydantic's JSON has no
# word for it, and the document does not say that the field can be null. Without a return type the same
# value is an error of the server. `ser_json_inf_nan="strings"` sends text, still documented as a number.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/numbers_app.py" <<'EOF'
import warnings

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

warnings.simplefilter("ignore")  # of the test client's own
from fastapi.testclient import TestClient  # noqa: E402


class Mean(BaseModel):
    value: float


class Text(Mean):
    model_config = ConfigDict(ser_json_inf_nan="strings")


app = FastAPI()


@app.get("/mean")
def mean() -> Mean:
    return Mean(value=float("nan"))


@app.get("/text")
def text() -> Text:
    return Text(value=float("nan"))


@app.get("/bare")
def bare() -> float:
    return float("inf")


@app.get("/untyped")
def untyped():
    return {"value": float("nan")}


client = TestClient(app, raise_server_exceptions=False)
for path in ("/mean", "/text", "/bare", "/untyped"):
    answer = client.get(path)
    print(path, answer.status_code, answer.text)
schemas = app.openapi()["components"]["schemas"]
print({name: schemas[name]["properties"]["value"]["type"] for name in ("Mean", "Text")})
EOF
"$folder/venv/bin/python" "$folder/numbers_app.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/mean 200 {"value":null}
/text 200 {"value":"NaN"}
/bare 200 null
/untyped 500 Internal Server Error
{'Mean': 'number', 'Text': 'number'}
EOF
cat "$folder/seen"
