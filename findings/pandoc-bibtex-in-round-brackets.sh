#!/usr/bin/env bash
# BibTeX takes an entry in round brackets as well, `@article(key, …)`. Pandoc 3.9 stops at the first of them and
# reads nothing of the whole file; pybtex 0.26.1 and bibtexparser 2.1.0 read both entries.
# Seen on 2026-11-30 with pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check \
    pypandoc_binary==1.17 pybtex==0.26.1 bibtexparser==2.1.0
"$folder/venv/bin/python" - > "$folder/seen" 2>/dev/null <<'EOS'
import json

import bibtexparser
import pypandoc
from pybtex.database import parse_string

braces = "@article{a, title = {A}, year = 2024}\n"
text = braces + "@article(b, title = {B}, year = 2024)\n"
for reader in ("bibtex", "biblatex"):
    for name, given in (("braces", braces), ("both", text)):
        try:
            made = json.loads(pypandoc.convert_text(given, "csljson", format=reader))
            print("pandoc", reader, name, [item["id"] for item in made])
        except RuntimeError as error:
            print("pandoc", reader, name, "refused", "unexpected '('" in str(error))
print("pybtex", list(parse_string(text, "bibtex").entries))
print("bibtexparser", [entry.key for entry in bibtexparser.parse_string(text).entries])
EOS
diff - "$folder/seen" <<'EOS'
pandoc bibtex braces ['a']
pandoc bibtex both refused True
pandoc biblatex braces ['a']
pandoc biblatex both refused True
pybtex ['a', 'b']
bibtexparser ['a', 'b']
EOS
cat "$folder/seen"
