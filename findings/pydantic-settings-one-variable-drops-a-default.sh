#!/usr/bin/env bash
# A nested setting has a default of its own, `Database(host="db", port=5432)`. With one variable below
# it, one would guess that the rest of that default stays. pydantic-settings 2.16.3 makes a new object of
# that variable alone: the other fields fall back to the defaults of their class, without a word;
# `nested_model_default_partial_update=True` keeps them. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic-settings==2.16.3 pydantic==2.14.4
cat > "$folder/nested.py" <<'EOF'
from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Database(BaseModel):
    host: str = "localhost"
    port: int = 0


def settings(*, partial):
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(
            env_nested_delimiter="__", nested_model_default_partial_update=partial
        )
        database: Database = Database(host="db", port=5432)

    return Settings()


print("usual:", settings(partial=False).database)
print("partial:", settings(partial=True).database)
EOF
"$folder/venv/bin/python" "$folder/nested.py" > "$folder/seen"
DATABASE__PORT=6432 "$folder/venv/bin/python" "$folder/nested.py" >> "$folder/seen"
diff - "$folder/seen" <<'EOF'
usual: host='db' port=5432
partial: host='db' port=5432
usual: host='localhost' port=6432
partial: host='db' port=6432
EOF
cat "$folder/seen"
