#!/usr/bin/env bash
# Unions of models that are told apart by a field may be nested, and Pydantic says how in its documentation:
# one field tells kinds, the next one breeds. The schema of Pydantic 2.14.4 maps the outer value to a whole
# union, where OpenAPI has a text. FastAPI 0.165.0 publishes that mapping where the union is the body
# itself; where it is the field of a model, `app.openapi()` ends with a validation error, and the document of
# every other operation is lost with it. Requests are answered in both.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fastapi==0.165.0 pydantic==2.14.4 httpx==0.28.1
cat > "$folder/pets_app.py" <<'EOF'
import warnings
from typing import Annotated, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field, ValidationError

warnings.simplefilter("ignore")  # of the test client's own
from fastapi.testclient import TestClient  # noqa: E402


class Black(BaseModel):
    kind: Literal["cat"]
    colour: Literal["black"]


class White(BaseModel):
    kind: Literal["cat"]
    colour: Literal["white"]


class Dog(BaseModel):
    kind: Literal["dog"]


Cat = Annotated[Black | White, Field(discriminator="colour")]
Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


class Owner(BaseModel):
    pet: Pet


class KeeperOfCats(BaseModel):
    pet: Cat


def make(kind: type) -> FastAPI:
    app = FastAPI()

    @app.post("/pets")
    def add(pet: kind) -> kind:
        return pet

    return app


cat = {"kind": "cat", "colour": "white"}
for name, kind, body in (
    ("one discriminator in a field", KeeperOfCats, {"pet": cat}),
    ("nested as body", Pet, cat),
    ("nested in a field", Owner, {"pet": cat}),
):
    app = make(kind)
    print(name, TestClient(app).post("/pets", json=body).status_code)
    try:
        operation = app.openapi()["paths"]["/pets"]["post"]
    except ValidationError as error:
        print("  no document:", ".".join(map(str, error.errors()[0]["loc"][-3:])))
        continue
    (media,) = operation["requestBody"]["content"].values()
    mapping = media["schema"].get("discriminator", {}).get("mapping", {})
    print("  document, mapped to", {key: type(value).__name__ for key, value in mapping.items()})
EOF
"$folder/venv/bin/python" "$folder/pets_app.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
one discriminator in a field 200
  document, mapped to {}
nested as body 200
  document, mapped to {'cat': 'dict', 'dog': 'str'}
nested in a field 200
  no document: discriminator.mapping.cat
EOF
cat "$folder/seen"
