#!/usr/bin/env bash
# `objects.inv` lists what a built documentation holds, so one would guess that each address in it is a
# page. Sphinx 8.2.3 lists `modindex` and `py-modindex` whether or not the project documents a module, and
# with none the page is not written. With the builder dirhtml the address of the first page is empty, and
# the two blanks around it look like one where a line is split at blanks.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sphinx==8.2.3
cd "$folder"
mkdir source
echo 'project = "p"' > source/conf.py
printf 'Title\n=====\n\nWords.\n' > source/index.rst
"$folder/venv/bin/python" -m sphinx -q -b dirhtml source built
"$folder/venv/bin/python" - > seen <<'EOF'
import zlib
from pathlib import Path

data = Path("built/objects.inv").read_bytes()
lines = zlib.decompress(data.split(b"\n", 4)[4]).decode().splitlines()
for line in sorted(lines):
    name, kind, _, address, *_ = line.split(" ")
    page = Path("built") / address.partition("#")[0]
    there = page.is_file() or (page / "index.html").is_file()
    print(kind, name, repr(address), "is there" if there else "is not there")
EOF
diff - seen <<'EOF'
std:label genindex 'genindex/' is there
std:doc index '' is there
std:label modindex 'py-modindex/' is not there
std:label py-modindex 'py-modindex/' is not there
std:label search 'search/' is there
EOF
cat seen
