#!/usr/bin/env bash
# A module in syntax newer than the running interpreter (a type parameter list, PEP 695, under
# Python 3.11; a template string, PEP 750, under 3.13) is absent from what griffelib 2.4.1 loads,
# with no error raised and nothing in the result that says so; grimp 3.20, which has a parser of
# its own, has the module and its imports. The same package so has 2 modules to one reader and 3
# to the other. Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check griffelib==2.4.1 grimp==3.20
mkdir "$folder/shop"
touch "$folder/shop/__init__.py"
echo 'import json' > "$folder/shop/plain.py"
echo 'import shop.plain; name = t"{1}"' > "$folder/shop/newer.py"
cd "$folder"
PYTHONPATH=. venv/bin/python - > seen 2>/dev/null <<'EOF'
import griffe
import grimp

graph = grimp.build_graph("shop")
print("grimp", sorted(graph.modules), graph.find_modules_directly_imported_by("shop.newer"))
print("griffe", sorted(griffe.load("shop", search_paths=["."]).modules))
EOF
diff - seen <<'EOF'
grimp ['shop', 'shop.newer', 'shop.plain'] {'shop.plain'}
griffe ['plain']
EOF
cat seen
