#!/usr/bin/env bash
# A CSL-JSON `note` whose line reads `Publisher: Foo Press` is taken for the field of that name by
# Pandoc 3.9: the printed reference says that Foo Press published the page, and the BibTeX that it
# writes has the publisher too. Free words under `note` can so change who is named as the source;
# `annote` is left alone. Seen on 2026-11-30 with pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc_binary==1.17
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import json

import pypandoc

for field in ("note", "annote"):
    entry = {"id": "a", "type": "webpage", "title": "T", field: "Publisher: Foo Press"}
    made = pypandoc.convert_text(json.dumps([entry]), "biblatex", format="csljson")
    print(field, [line.strip(" ,") for line in made.splitlines() if "Foo" in line])
EOF
diff - "$folder/seen" <<'EOF'
note ['publisher = {Foo Press}']
annote ['annote = {Publisher: Foo Press}']
EOF
cat "$folder/seen"
