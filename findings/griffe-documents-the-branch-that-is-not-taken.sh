#!/usr/bin/env bash
# Of a function that is defined in both branches of an `if`, the one that exists is documented, one would
# guess, or both. griffe 2.4.1, which mkdocstrings shows, keeps what comes last: the `else` of
# `if sys.version_info >= (3, 8)`, and what `except` defines where `try` worked. What stands in the body of
# a loop that never runs is a member of the module, and what `del` removes stays one.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check griffelib==2.4.1
mkdir "$folder/branches"
cat > "$folder/branches/__init__.py" <<'EOF'
import sys

if sys.version_info >= (3, 8):
    def chosen(new, names):
        """New."""
    class Kind:
        """New."""
else:
    def chosen(old):
        """Old."""
    class Kind:
        """Old."""

try:
    def tried(worked):
        """Worked."""
except ImportError:
    def tried(failed):
        """Failed."""

while False:
    def never():
        """Never."""

def removed():
    """Removed."""

del removed
EOF
cat > "$folder/compare.py" <<'EOF'
import importlib
import inspect
import sys

import griffe

folder = sys.argv[1]
sys.path.insert(0, folder)
real, told = importlib.import_module("branches"), griffe.load("branches", search_paths=[folder])
for name in ("chosen", "tried", "never", "removed"):
    made = getattr(real, name, None)
    is_real = list(inspect.signature(made).parameters) if made else "not there"
    print(name, "is", is_real, "- griffe:", [one.name for one in told[name].parameters])
print("Kind is", real.Kind.__doc__, "- griffe:", told["Kind"].docstring.value)
EOF
"$folder/venv/bin/python" "$folder/compare.py" "$folder" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
chosen is ['new', 'names'] - griffe: ['old']
tried is ['worked'] - griffe: ['failed']
never is not there - griffe: []
removed is not there - griffe: []
Kind is New. - griffe: Old.
EOF
cat "$folder/seen"
