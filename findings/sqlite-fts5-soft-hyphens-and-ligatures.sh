#!/usr/bin/env bash
# SQLite FTS5's tokenizer `unicode61 remove_diacritics 2` folds a combining accent, splits a word at a
# soft hyphen (U+00AD), which no reader sees, and keeps the ligature U+FB01 that PDFs hold for "fi":
# a phrase that a page shows is not found in the index of its own text.
# Seen on 2026-11-30 with apsw 3.54.1.0 (SQLite 3.54.1), Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check apsw==3.54.1.0
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import apsw

print(apsw.sqlite_lib_version())
db = apsw.Connection(":memory:")
db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
for text, phrase in (
    ("cafe\u0301 au lait", "cafe"), ("a con\u00adnec\u00adtion pool", "connection"),
    ("a con\u00adnec\u00adtion pool", "con nec tion"), ("a \ufb01le name", "file"),
):
    db.execute("DELETE FROM t")
    db.execute("INSERT INTO t VALUES (?)", (text,))
    found = db.execute("SELECT count(*) FROM t WHERE t MATCH ?", (f'"{phrase}"',)).fetchall()[0][0]
    print(ascii(text), phrase, found)
EOF
diff - "$folder/seen" <<'EOF'
3.54.1
'cafe\u0301 au lait' cafe 1
'a con\xadnec\xadtion pool' connection 0
'a con\xadnec\xadtion pool' con nec tion 1
'a \ufb01le name' file 0
EOF
cat "$folder/seen"
