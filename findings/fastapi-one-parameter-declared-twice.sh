#!/usr/bin/env bash
# A handler and its dependency both have a query parameter `limit`, with other bounds and defaults. One
# would guess that the document has both bounds. FastAPI 0.165.0 documents the dependency's alone, and
# validates both: a value within the documented bounds is answered with 422, and each gets its own
# default. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1
cat > "$folder/shared.py" <<'EOF'
import warnings

warnings.simplefilter("ignore")
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.testclient import TestClient

app = FastAPI()


def page(limit: Annotated[int, Query(le=10)] = 5):
    return limit


@app.get("/items")
def items(paged: Annotated[int, Depends(page)], limit: Annotated[int, Query(ge=3)] = 7):
    return [paged, limit]


for one in app.openapi()["paths"]["/items"]["get"]["parameters"]:
    print("documented:", one["name"], sorted(one["schema"].items()))
for query in ("", "?limit=1", "?limit=5", "?limit=20"):
    answer = TestClient(app).get(f"/items{query}")
    print(f"/items{query}:", answer.status_code, answer.json() if answer.status_code == 200 else "")
EOF
"$folder/venv/bin/python" "$folder/shared.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
documented: limit [('default', 5), ('maximum', 10), ('title', 'Limit'), ('type', 'integer')]
/items: 200 [5, 7]
/items?limit=1: 422 
/items?limit=5: 200 [5, 5]
/items?limit=20: 422 
EOF
cat "$folder/seen"
