"""PDF files, as small as they can be."""


def drawn(stream, resources="", more=(), *, catalog="", entries=""):
    """Make a PDF file of one page, A4, that a content stream draws with the font F1.

    `more` are objects from number 7 on: dictionaries, or streams with what theirs holds.
    """
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
            f" /Resources << /Font << /F1 3 0 R >> {resources} >> {entries} >>"
        ),
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< >>",
    ]
    for one in more:
        parts = one if isinstance(one, tuple) else (one,)
        length = f"<< {parts[0]} /Length {len(parts[-1])} >>\nstream\n{parts[-1]}\nendstream"
        objects.append(one if isinstance(one, str) else length)
    objects.append("<< /Title (Pools) >>")
    return _file(objects)


def pdf(*pages, title="On  Pools", author="Ada Lovelace; Alan Turing"):
    """Make a PDF file with some lines on each page, and what it says of itself."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET"
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {first + 2 * number + 1} 0 R >>"
            ),
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append(f"<< /Title ({title}) /Author ({author}) /CreationDate (D:20240305101112Z) >>")
    return _file(objects)


def _file(objects):
    """Return a file of objects, the last of which is the information dictionary."""
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}"
    return out + f"{end}\nstartxref\n{len(out)}\n%%EOF\n".encode()
