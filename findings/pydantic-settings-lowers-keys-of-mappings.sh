#!/usr/bin/env bash
# Variables below a nested delimiter fill a `dict[str, str]`. One would guess that its keys are written
# as the variables are. pydantic-settings 2.16.3 lowers them, as it does the names of fields: LABELS__Team
# becomes the key `team`, and the same mapping given as JSON keeps `Team`. With `case_sensitive=True` both
# keep it. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pydantic-settings==2.16.3 pydantic==2.14.4
cat > "$folder/keys.py" <<'EOF'
from pydantic_settings import BaseSettings, SettingsConfigDict


def settings(*, exact):
    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_nested_delimiter="__", case_sensitive=exact)
        LABELS: dict[str, str] = {}

    return Settings()


print("usual:", settings(exact=False).LABELS)
print("case_sensitive:", settings(exact=True).LABELS)
EOF
LABELS__Team=core "$folder/venv/bin/python" "$folder/keys.py" > "$folder/seen"
LABELS='{"Team": "core"}' "$folder/venv/bin/python" "$folder/keys.py" >> "$folder/seen"
diff - "$folder/seen" <<'EOF'
usual: {'team': 'core'}
case_sensitive: {'Team': 'core'}
usual: {'Team': 'core'}
case_sensitive: {'Team': 'core'}
EOF
cat "$folder/seen"
