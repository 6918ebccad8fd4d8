#!/usr/bin/env bash
# SQLAlchemy 2.1.9 reflects ON DELETE and DEFERRABLE of a SQLite foreign key only from the form
# `FOREIGN KEY(b) REFERENCES x(id) …` with the referred column named. Written at the column, or
# without that column, the same key comes back with no options, although SQLite's own
# `PRAGMA foreign_key_list` (https://www.sqlite.org/pragma.html#pragma_foreign_key_list) has them.
# Two keys on one column become one. Seen on 2026-11-30, Python 3.11, SQLite 3.40.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check sqlalchemy==2.1.9
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import sqlalchemy as sa

FORMS = (
    "b INT, FOREIGN KEY(b) REFERENCES x(id) ON DELETE CASCADE",
    "b INT REFERENCES x(id) ON DELETE CASCADE",
    "b INT, FOREIGN KEY(b) REFERENCES x ON DELETE CASCADE",
    "b INT REFERENCES x(id) DEFERRABLE INITIALLY DEFERRED",
    "b INT REFERENCES x(id) ON DELETE CASCADE, FOREIGN KEY(b) REFERENCES x(id)",
)
for form in FORMS:
    with sa.create_engine("sqlite://").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE x(id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(f"CREATE TABLE t({form})")
        reflected = [key["options"] for key in sa.inspect(connection).get_foreign_keys("t")]
        pragma = [row[6] for row in connection.exec_driver_sql("PRAGMA foreign_key_list(t)")]
        print(f"{form}\n  reflected {reflected}, SQLite says {pragma}")
EOF
diff - "$folder/seen" <<'EOF'
b INT, FOREIGN KEY(b) REFERENCES x(id) ON DELETE CASCADE
  reflected [{'ondelete': 'CASCADE'}], SQLite says ['CASCADE']
b INT REFERENCES x(id) ON DELETE CASCADE
  reflected [{}], SQLite says ['CASCADE']
b INT, FOREIGN KEY(b) REFERENCES x ON DELETE CASCADE
  reflected [{}], SQLite says ['CASCADE']
b INT REFERENCES x(id) DEFERRABLE INITIALLY DEFERRED
  reflected [{}], SQLite says ['NO ACTION']
b INT REFERENCES x(id) ON DELETE CASCADE, FOREIGN KEY(b) REFERENCES x(id)
  reflected [{}], SQLite says ['NO ACTION', 'CASCADE']
EOF
cat "$folder/seen"
