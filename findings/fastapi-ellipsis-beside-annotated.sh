#!/usr/bin/env bash
# `q: int = Query(...)` is required, and so one would guess of `q: Annotated[int, Query()] = ...`, as
# Pydantic has it for the field of a model. With FastAPI 0.165.0 the parameter is optional in the document,
# and a request without it hands the Ellipsis object itself to the function, past the annotation.
# Seen on 2026-11-30 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/ellipsis_app.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

app = FastAPI()


class Model(BaseModel):
    q: Annotated[int, Field()] = ...


@app.get("/called")
def called(q: int = Query(...)):
    return repr(q)


@app.get("/annotated")
def annotated(q: Annotated[int, Query()] = ...):
    return repr(q)


print("field of a model: required", Model.model_fields["q"].is_required())
for path, operation in app.openapi()["paths"].items():
    (parameter,) = operation["get"]["parameters"]
    answer = TestClient(app).get(path)
    print(path, "required", parameter["required"], "| without it:", answer.status_code,
          answer.json() if answer.status_code == 200 else "")
EOF
"$folder/venv/bin/python" "$folder/ellipsis_app.py" | sed 's/ *$//' > "$folder/seen"
diff - "$folder/seen" <<'EOF'
field of a model: required True
/called required True | without it: 422
/annotated required False | without it: 200 Ellipsis
EOF
cat "$folder/seen"
