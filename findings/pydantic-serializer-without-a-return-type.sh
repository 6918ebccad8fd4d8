#!/usr/bin/env bash
# The schema of what is written describes what is written, one would guess, or says "any" where Pydantic
# cannot know. Pydantic 2.14.4 keeps the type of the field where a serializer states no return type: for
# an `int` that is written as text the schema for serialization says "integer", beside a default that has
# been through the serializer and is text. A serializer of the whole model leaves all its fields in the
# schema although none of them is sent. FastAPI publishes these schemas as what it answers.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic==2.14.4
cat > "$folder/serializers.py" <<'EOF'
from typing import Annotated

from pydantic import BaseModel, PlainSerializer, model_serializer


class Amount(BaseModel):
    unstated: Annotated[int, PlainSerializer(lambda value: str(value))] = 3
    builtin: Annotated[int, PlainSerializer(hex)] = 3
    by_keyword: Annotated[int, PlainSerializer(lambda value: str(value), return_type=str)] = 3
    by_class: Annotated[int, PlainSerializer(str)] = 3


class Point(BaseModel):
    x: int
    y: int

    @model_serializer
    def write(self):
        return [self.x, self.y]


print("sent:", Amount().model_dump_json())
for name, schema in Amount.model_json_schema(mode="serialization")["properties"].items():
    print(name, "is", schema["type"], "with the default", repr(schema["default"]))
print("sent:", Point(x=1, y=2).model_dump_json())
schema = Point.model_json_schema(mode="serialization")
print("Point is", schema["type"], "that requires", schema["required"])
EOF
"$folder/venv/bin/python" "$folder/serializers.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
sent: {"unstated":"3","builtin":"0x3","by_keyword":"3","by_class":"3"}
unstated is integer with the default '3'
builtin is integer with the default '0x3'
by_keyword is string with the default '3'
by_class is string with the default '3'
sent: [1,2]
Point is object that requires ['x', 'y']
EOF
cat "$folder/seen"
