#!/usr/bin/env bash
# `__all__` is a list, and code adds to it as to any list. griffe 2.4.1 follows `+=`, with names of a
# submodule too, but neither `append` nor `extend`, and no list that is made of the former one
# (`__all__ = [*__all__, "c"]`): the names added first are lost then, and something that is no name is in
# their place. What is not exported is left out of a reference that shows exported names alone.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check griffelib==2.4.1
cat > "$folder/exports.py" <<'EOF'
import importlib
import sys
from pathlib import Path

import griffe

folder = Path(sys.argv[1])
sys.path.insert(0, str(folder))
for number, code in enumerate((
    '__all__ += ["b"]',
    '__all__ += sub.__all__',
    '__all__.append("b")',
    '__all__.extend(["b"])',
    '__all__ = [*__all__, "b"]',
)):
    package = folder / f"made{number}"
    package.mkdir()
    (package / "sub.py").write_text('__all__ = ["b"]\nb = 1\n')
    (package / "__init__.py").write_text(f'from . import sub\n__all__ = ["a"]\n{code}\na = b = 1\n')
    real, told = importlib.import_module(package.name), griffe.load(package.name, search_paths=[str(folder)])
    names = [one if isinstance(one, str) else type(one).__name__ for one in told.exports]
    print(code, "->", real.__all__, "- griffe:", names)
EOF
"$folder/venv/bin/python" "$folder/exports.py" "$folder" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
__all__ += ["b"] -> ['a', 'b'] - griffe: ['a', 'b']
__all__ += sub.__all__ -> ['a', 'b'] - griffe: ['a', 'b']
__all__.append("b") -> ['a', 'b'] - griffe: ['a']
__all__.extend(["b"]) -> ['a', 'b'] - griffe: ['a']
__all__ = [*__all__, "b"] -> ['a', 'b'] - griffe: ['ExprName', 'b', 'b']
EOF
cat "$folder/seen"
