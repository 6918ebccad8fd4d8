#!/usr/bin/env bash
# `griffe.find_breaking_changes` names what breaks callers between two versions of a module. One would guess
# that another return type, another annotation of a parameter, a plain function that became a coroutine and
# another base class are among it. griffelib 2.4.1 reports none of them; a default that changed, a
# parameter that is gone and a base that is gone are reported. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check griffelib==2.4.1
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import griffe

CHANGES = {
    "return type": ("def f() -> int: ...", "def f() -> str: ..."),
    "annotation": ("def f(a: int): ...", "def f(a: str): ..."),
    "coroutine": ("def f(): ...", "async def f(): ..."),
    "base": ("class C(int): ...", "class C(str): ..."),
    "attribute's type": ("class C:\n    a: int = 1", "class C:\n    a: str = 1"),
    "default": ("def f(a=1): ...", "def f(a=2): ..."),
    "parameter": ("def f(a): ...", "def f(): ..."),
    "base that is gone": ("class C(int): ...", "class C: ..."),
}
for name, codes in CHANGES.items():
    old, new = (griffe.visit("m", filepath=None, code=code) for code in codes)
    print(f"{name}:", [one.kind.name for one in griffe.find_breaking_changes(old, new)])
EOF
diff - "$folder/seen" <<'EOF'
return type: []
annotation: []
coroutine: []
base: []
attribute's type: []
default: ['PARAMETER_CHANGED_DEFAULT']
parameter: ['PARAMETER_REMOVED']
base that is gone: ['CLASS_REMOVED_BASE']
EOF
cat "$folder/seen"
