#!/usr/bin/env bash
# `api_route(methods=["GET", "POST"])` keeps its methods in a set, and FastAPI 0.165.0 derives the
# one operation id of both operations from the set's first member: the OpenAPI document differs
# between two runs of unchanged code unless PYTHONHASHSEED is fixed, and `python -I` ignores that
# variable. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0
cat > "$folder/app.py" <<'EOF'
from fastapi import FastAPI

app = FastAPI()


@app.api_route("/x", methods=["GET", "POST"])
def read(): ...


print({one["operationId"] for one in app.openapi()["paths"]["/x"].values()})
EOF
for seed in 1 2 3 4 5 6 7 8; do
    PYTHONHASHSEED=$seed "$folder/venv/bin/python" -W ignore "$folder/app.py"
done | sort -u > "$folder/seen"
diff - "$folder/seen" <<'EOF'
{'read_x_get'}
{'read_x_post'}
EOF
cat "$folder/seen"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    PYTHONHASHSEED=1 "$folder/venv/bin/python" -I -W ignore "$folder/app.py"
done | sort | uniq -c | wc -l | sed 's/^/different ids under python -I with one fixed seed: /'
