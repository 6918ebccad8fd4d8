#!/usr/bin/env bash
# A class with a `model_config` of its own stands before BaseSettings: `class S(Mixin, BaseSettings)`. By
# Python's order of bases one would guess that the mixin's prefix is used. pydantic merges configurations from
# left to right, so the defaults of BaseSettings come last and win; behind BaseSettings the mixin's prefix
# is used. Seen on 2026-11-30 with pydantic 2.14.4, pydantic-settings 2.16.3, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic-settings==2.16.3 pydantic==2.14.4
cat > "$folder/mixin.py" <<'EOF'
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Prefixed:
    model_config = SettingsConfigDict(env_prefix="SHOP_")


class Before(Prefixed, BaseSettings):
    pool: int


class Behind(BaseSettings, Prefixed):
    pool: int


for made in (Before, Behind):
    try:
        print(made.__name__, made().pool)
    except ValidationError as error:
        print(made.__name__, error.errors()[0]["type"])
EOF
env SHOP_POOL=5 "$folder/venv/bin/python" "$folder/mixin.py" > "$folder/seen"
env POOL=6 "$folder/venv/bin/python" "$folder/mixin.py" >> "$folder/seen"
diff - "$folder/seen" <<'EOF'
Before missing
Behind 5
Before 6
Behind missing
EOF
cat "$folder/seen"
