#!/usr/bin/env bash
# With `env_nested_delimiter="_"` and `env_nested_max_split=1`, as the documentation advises for names that
# have an underscore themselves, one would guess that a variable sets one setting. pydantic-settings 2.16.3
# asks each field by itself: P_SUB_MODEL_X is `sub.model_x` and at the same time `sub_model.x`, without an
# error or a warning. Seen on 2026-11-30 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    pydantic-settings==2.16.3 pydantic==2.14.4
cat > "$folder/two.py" <<'EOF'
from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict


class Sub(BaseModel):
    model_x: int = 0


class SubModel(BaseModel):
    x: int = 0


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="P_", env_nested_delimiter="_", env_nested_max_split=1
    )
    sub: Sub = Sub()
    sub_model: SubModel = SubModel()


print(repr(Settings()))
EOF
P_SUB_MODEL_X=2 "$folder/venv/bin/python" "$folder/two.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
Settings(sub=Sub(model_x=2), sub_model=SubModel(x=2))
EOF
cat "$folder/seen"
