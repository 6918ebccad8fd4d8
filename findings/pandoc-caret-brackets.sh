#!/usr/bin/env bash
# `^[1]` is an inline note to Pandoc 3.9's Markdown: the third mark of `A^[1]. B^[2]. A^[1].` is
# printed as note 3, so a numbered list of sources below it points to another source. Its
# `commonmark_x` raises everything between two carets instead; GFM leaves the text as it is.
# Seen on 2026-11-30 with pypandoc_binary 1.17.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypandoc_binary==1.17
"$folder/venv/bin/python" - > "$folder/seen" <<'EOF'
import pypandoc

for reader, writer in (("markdown", "plain"), ("commonmark_x", "html"), ("gfm", "html")):
    made = pypandoc.convert_text("A^[1]. B^[2]. A^[1].\n", writer, format=reader)
    print(reader, repr(made.replace("\r", "").strip().partition("\n")[0]))
EOF
diff - "$folder/seen" <<'EOF'
markdown 'A[1]. B[2]. A[3].'
commonmark_x '<p>A<sup>[1]. B</sup>[2]. A^[1].</p>'
gfm '<p>A^[1]. B^[2]. A^[1].</p>'
EOF
cat "$folder/seen"
