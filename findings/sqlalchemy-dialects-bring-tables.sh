#!/usr/bin/env bash
# Importing the Oracle and MSSQL dialects of SQLAlchemy 2.1.9 makes 38 `Table`s of the servers'
# own catalogs, in two `MetaData`. Whoever collects every MetaData of a process (the only way to
# find tables of an application whose Base is not known) lists them as the application's.
# Seen on 2026-11-30, Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import gc

import sqlalchemy as sa
from sqlalchemy.dialects import mssql, oracle  # noqa: F401

found = [one for one in gc.get_objects() if issubclass(type(one), sa.MetaData)]
print(sorted(len(one.tables) for one in found))
print(sorted({table.schema or "" for one in found for table in one.tables.values()}))
EOF
diff - "$folder/seen" <<'EOF'
[18, 20]
['', 'INFORMATION_SCHEMA', 'sys']
EOF
cat "$folder/seen"
