#!/usr/bin/env bash
# `Annotated[list[int], Header()]` is documented as an array, whose style in a header is "simple"
# (OpenAPI 3.1, section 4.8.12): `X: 1,2`. One would guess that FastAPI 0.165.0 reads that, as RFC 9110,
# section 5.3, has it equal to two lines. It answers 422 to one line with commas and 200 to two lines,
# so a client that is generated from the document is refused. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1
cat > "$folder/lists.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import FastAPI, Header
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/h")
def read(x: Annotated[list[int], Header()]):
    return x


(parameter,) = app.openapi()["paths"]["/h"]["get"]["parameters"]
print("documented:", parameter["schema"]["type"], "style", parameter.get("style", "simple (default)"))
client = TestClient(app)
print("X: 1,2 answers", client.get("/h", headers={"x": "1,2"}).status_code)
print("X: 1 and X: 2 answer", client.get("/h", headers=[("x", "1"), ("x", "2")]).status_code)
EOF
"$folder/venv/bin/python" "$folder/lists.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
documented: array style simple (default)
X: 1,2 answers 422
X: 1 and X: 2 answer 200
EOF
cat "$folder/seen"
