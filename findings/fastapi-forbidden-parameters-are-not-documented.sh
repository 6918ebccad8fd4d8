#!/usr/bin/env bash
# With `ConfigDict(extra="forbid")` a model of query parameters refuses every other parameter, and one
# would guess that the OpenAPI document says so, as it does for a body (`additionalProperties: false`).
# FastAPI 0.165.0 documents the same operation with and without it, though `?a=1&b=2` is answered with
# 422 by one of them. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1
cat > "$folder/forbidding.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict


def application(extra):
    class Filter(BaseModel):
        model_config = ConfigDict(extra=extra)
        a: int

    app = FastAPI()

    @app.get("/items")
    def items(wanted: Annotated[Filter, Query()]):
        return wanted

    return app


closed, opened = application("forbid"), application("ignore")
print("documents are equal:", closed.openapi() == opened.openapi())
for name, app in ("forbid", closed), ("ignore", opened):
    print(f"{name}: ?a=1&b=2 answers", TestClient(app).get("/items?a=1&b=2").status_code)
EOF
"$folder/venv/bin/python" "$folder/forbidding.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
documents are equal: True
forbid: ?a=1&b=2 answers 422
ignore: ?a=1&b=2 answers 200
EOF
cat "$folder/seen"
