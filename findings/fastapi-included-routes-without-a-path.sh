#!/usr/bin/env bash
# One would guess that `app.routes` holds the routes of an included router, each with its path and
# endpoint. In FastAPI 0.137.0 it holds one object for the router, without either, and the documented
# walk over it (`fastapi.routing.iter_route_contexts`) does not exist yet; in 0.136.3 the routes are
# there, in 0.165.0 the walk is. So whatever lists handlers over a range of releases needs three ways.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/routes.py" <<'EOF'
from fastapi import APIRouter, FastAPI, routing

router = APIRouter()


@router.get("/items")
def items():
    return []


app = FastAPI(openapi_url=None)
app.include_router(router)
paths = [getattr(one, "path", None) for one in app.routes]
print("in app.routes:", "/items" in paths, "walk:", hasattr(routing, "iter_route_contexts"))
EOF
for version in 0.136.3 0.137.0 0.165.0; do
    "$folder/venv/bin/pip" install -qq --disable-pip-version-check "fastapi==$version" starlette==1.10.0
    echo "$version $("$folder/venv/bin/python" "$folder/routes.py")"
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
0.136.3 in app.routes: True walk: False
0.137.0 in app.routes: False walk: False
0.165.0 in app.routes: False walk: True
EOF
cat "$folder/seen"
