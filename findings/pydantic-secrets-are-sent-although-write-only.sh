#!/usr/bin/env bash
# A property that is `writeOnly` is never in an answer, and a caller need not send `readOnly` ones back:
# OpenAPI says so of both. The schema that Pydantic 2.14.4 makes for what is written marks a `SecretStr`
# as `writeOnly` and requires it at the same time, and FastAPI 0.165.0 answers with the field: ten stars
# in the place of the secret. A client made from the document has no such field; one that sends what it
# got stores the stars.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/secrets_app.py" <<'EOF'
import warnings

from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

warnings.simplefilter("ignore")  # of the test client's own
from fastapi.testclient import TestClient  # noqa: E402


class Account(BaseModel):
    name: str
    password: SecretStr


app, kept = FastAPI(), []


@app.put("/account")
def put(account: Account) -> Account:
    kept.append(account.password.get_secret_value())
    return account


client = TestClient(app)
schema = app.openapi()["components"]["schemas"]["Account"]
print("documented:", schema["properties"]["password"], "required:", schema["required"])
answer = client.put("/account", json={"name": "a", "password": "p"})
print("answered:", answer.text)
client.put("/account", json=answer.json())
print("stored:", kept)
EOF
"$folder/venv/bin/python" "$folder/secrets_app.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
documented: {'type': 'string', 'format': 'password', 'title': 'Password', 'writeOnly': True} required: ['name', 'password']
answered: {"name":"a","password":"**********"}
stored: ['p', '**********']
EOF
cat "$folder/seen"
