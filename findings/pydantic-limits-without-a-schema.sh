#!/usr/bin/env bash
# Limits given with `Field(…)` are in the JSON Schema, one would guess, as `gt`, `max_length` and `pattern`
# are. Pydantic 2.14.4 writes nothing at all for `max_digits` and `decimal_places`, for bounds of a date
# and of a timedelta, and for `AwareDatetime`; two models of which one is refused what the other takes
# have the same schema, so no comparison of two OpenAPI documents sees the change.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic==2.14.4
cat > "$folder/limits.py" <<'EOF'
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

day, none = date(2020, 1, 1), timedelta(0)
for name, loose, strict, value in (
    ("max_digits, decimal_places", Decimal,
     Annotated[Decimal, Field(max_digits=4, decimal_places=2)], '"0.001"'),
    ("date ge", date, Annotated[date, Field(ge=day)], '"2019-01-01"'),
    ("timedelta gt", timedelta, Annotated[timedelta, Field(gt=none)], '"-PT1H"'),
    ("AwareDatetime", datetime, AwareDatetime, '"2020-01-01T00:00:00"'),
    ("str max_length", str, Annotated[str, Field(max_length=1)], '"ab"'),
):
    schemas = [TypeAdapter(one).json_schema() for one in (loose, strict)]
    TypeAdapter(loose).validate_json(value)
    try:
        TypeAdapter(strict).validate_json(value)
    except ValidationError:
        print(name, "refuses", value, "- schema", "alike" if schemas[0] == schemas[1] else "differs")
EOF
"$folder/venv/bin/python" "$folder/limits.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
max_digits, decimal_places refuses "0.001" - schema alike
date ge refuses "2019-01-01" - schema alike
timedelta gt refuses "-PT1H" - schema alike
AwareDatetime refuses "2020-01-01T00:00:00" - schema alike
str max_length refuses "ab" - schema differs
EOF
cat "$folder/seen"
