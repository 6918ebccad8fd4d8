#!/usr/bin/env bash
# Databases export a DOI with its resolver, `doi = {http://dx.doi.org/10.1000/1}` (the ACM's does), or as
# `doi:10.1000/1`, and one would guess that a reader of DOIs drops it. Pandoc 3.9 puts its resolver in front of it: the printed link leads nowhere, for every form but the
# bare one. CSL-JSON, whose DOI field is the same, is printed alike.
# Seen on 2026-11-30 with pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc_binary==1.17
"$folder/venv/bin/python" - > "$folder/seen" <<'EOS'
import json

import pypandoc

for doi in ("10.1000/1", "https://doi.org/10.1000/1", "http://dx.doi.org/10.1000/1", "doi:10.1000/1"):
    for reader, text in (
        ("biblatex", f"@article{{a, title = {{T}}, doi = {{{doi}}}}}"),
        ("csljson", json.dumps([{"id": "a", "type": "article", "title": "T", "DOI": doi}])),
    ):
        words = ["--citeproc", "--wrap=none"]
        print(reader, pypandoc.convert_text(text, "plain", reader, extra_args=words).split()[-1])
EOS
diff - "$folder/seen" <<'EOS'
biblatex https://doi.org/10.1000/1.
csljson https://doi.org/10.1000/1.
biblatex https://doi.org/https://doi.org/10.1000/1.
csljson https://doi.org/https://doi.org/10.1000/1.
biblatex https://doi.org/http://dx.doi.org/10.1000/1.
csljson https://doi.org/http://dx.doi.org/10.1000/1.
biblatex https://doi.org/doi:10.1000/1.
csljson https://doi.org/doi:10.1000/1.
EOS
cat "$folder/seen"
