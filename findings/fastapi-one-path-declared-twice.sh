#!/usr/bin/env bash
# Two handlers of one path and method: requests go to the first, and one would guess that the document
# has that one. FastAPI 0.165.0 documents the last one, without a warning where the functions have
# different names: a caller who keeps to the document is answered with 422.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1
cat > "$folder/twice.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from fastapi import FastAPI
from fastapi.testclient import TestClient

warnings.simplefilter("error")
app = FastAPI()


@app.get("/orders")
def by_year(year: int):
    return "by year"


@app.get("/orders")
def by_name(name: str):
    return "by name"


documented = app.openapi()["paths"]["/orders"]["get"]
print("documented:", documented["summary"], [one["name"] for one in documented["parameters"]])
for query in ("name=a", "year=2026"):
    answer = TestClient(app).get(f"/orders?{query}")
    print(f"?{query}:", answer.status_code, answer.json() if answer.status_code == 200 else "")
EOF
"$folder/venv/bin/python" "$folder/twice.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
documented: By Name ['name']
?name=a: 422 
?year=2026: 200 by year
EOF
cat "$folder/seen"
