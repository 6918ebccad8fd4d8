#!/usr/bin/env bash
# A word that a PDF breaks at the end of a line has one hyphen on paper. pypdfium2 5.0.0 returns it
# as U+FFFE by `get_text_range()` and as U+0002 by `get_text_bounded()`, of the same page;
# pypdfium2 4.30.0 returns U+0002 by both, because its `get_text_range()` calls the other. Neither
# returns "-", and "connection" is found in neither. So a lower bound of `>=4.30` gives other text,
# and whoever joins broken words has to know both marks. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check reportlab==4.2.5
cat > "$folder/write.py" <<'EOF'
import sys

from reportlab.pdfgen import canvas

page = canvas.Canvas(sys.argv[1], pagesize=(300, 200))
page.setFont("Helvetica", 12)
page.drawString(20, 150, "the connec-")
page.drawString(20, 135, "tion pool")
page.save()
EOF
"$folder/venv/bin/python" "$folder/write.py" "$folder/page.pdf"
cat > "$folder/read.py" <<'EOF'
import sys
import warnings

import pypdfium2

warnings.simplefilter("ignore")
text = pypdfium2.PdfDocument(sys.argv[1])[0].get_textpage()
print("range", ascii(text.get_text_range()), "bounded", ascii(text.get_text_bounded()))
EOF
for version in 4.30.0 5.0.0; do
    "$folder/venv/bin/pip" install -qq --disable-pip-version-check "pypdfium2==$version"
    echo "pypdfium2 $version: $("$folder/venv/bin/python" "$folder/read.py" "$folder/page.pdf")"
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
pypdfium2 4.30.0: range 'the connec\x02tion pool' bounded 'the connec\x02tion pool'
pypdfium2 5.0.0: range 'the connec\ufffetion pool' bounded 'the connec\x02tion pool'
EOF
cat "$folder/seen"
