#!/usr/bin/env bash
# packaging 26.4 resolves dependency groups (PEP 735), and its exceptions for circles and missing
# groups suggest that they can be caught. What `resolve_dependency_groups` raises is an
# ExceptionGroup around them, so `except LookupError` for a group that is included and not there, or
# `except CyclicDependencyGroup` for a circle, catches nothing; `except*` does.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check packaging==26.4
cat > "$folder/resolve.py" <<'EOF'
from packaging import dependency_groups

CASES = {
    "missing": {"a": [{"include-group": "x"}]},
    "circle": {"a": [{"include-group": "b"}], "b": [{"include-group": "a"}]},
}
for name, groups in CASES.items():
    try:
        dependency_groups.resolve_dependency_groups(groups, "a")
    except BaseException as error:
        inner = [type(one).__name__ for one in getattr(error, "exceptions", ())]
        print(f"{name}: {type(error).__name__} of {', '.join(inner)}")
EOF
"$folder/venv/bin/python" "$folder/resolve.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
missing: ExceptionGroup of LookupError
circle: ExceptionGroup of CyclicDependencyGroup
EOF
cat "$folder/seen"
