#!/usr/bin/env bash
# `app.frontend("/", directory=…)` serves files, as a mount does. One would guess that a walk over the routes
# meets it, as it meets a mount. FastAPI 0.165.0 has it neither in `app.routes` nor in what
# `iter_route_contexts` yields; requests are answered from a private list that is tried last.
# Seen on 2026-11-30 with Starlette 1.10.0, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 starlette==1.10.0 httpx==0.28.1
cat > "$folder/serving.py" <<'EOF'
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient

folder = Path(tempfile.mkdtemp())
(folder / "index.html").write_text("<p>home")
app = FastAPI(openapi_url=None)
app.mount("/files", StaticFiles(directory=folder, html=True))
app.frontend("/home", directory=folder)
for path in ("/files/", "/home/"):
    print(path, TestClient(app).get(path).status_code)
print("routes:", [one.path for one in app.routes])
print("walked:", [one.path for one in iter_route_contexts(app.routes)])
EOF
"$folder/venv/bin/python" "$folder/serving.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
/files/ 200
/home/ 200
routes: ['/files']
walked: ['/files']
EOF
cat "$folder/seen"
