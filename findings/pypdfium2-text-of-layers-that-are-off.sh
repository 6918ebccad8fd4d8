#!/usr/bin/env bash
# A layer of a PDF (optional content, ISO 32000-1, section 8.11) may be off when the file is opened. One would
# guess that the text of a page is what its rendering shows. With pypdfium2 5.15.2 the rendering leaves
# such words out and the text page has them; and where words are marked with `ActualText`, the text page has
# those in place of what is painted. Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check pypdfium2==5.15.2
cat > "$folder/layers.py" <<'EOF'
import pypdfium2


def written(content):
    """Return a PDF of one page, with one layer that is off."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R /Resources"
        " << /Font << /F 5 0 R >> /Properties << /L 6 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /OCG /Name (Layer) >>",
    ]
    data, places = "%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        f"{data}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    ).encode()


def show(name, mark):
    words = "BT /F 20 Tf 10 40 Td (painted) Tj ET"
    page = pypdfium2.PdfDocument(written(f"{mark} BDC {words} EMC"))[0]
    pixels = bytes(page.render().buffer)
    print(name, "text:", page.get_textpage().get_text_range(), "| painted:", len(set(pixels)) > 1)


show("plain", "/Span << >>")
show("layer off", "/OC /L")
show("ActualText", "/Span << /ActualText (read) >>")
EOF
"$folder/venv/bin/python" "$folder/layers.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
plain text: painted | painted: True
layer off text: painted | painted: False
ActualText text: read | painted: True
EOF
cat "$folder/seen"
