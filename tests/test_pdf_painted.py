"""What of a PDF is painted, and in which order it is read."""

import itertools

import pytest

from footnotary.extract.pdf import _read, without_furniture
from footnotary.match import match_quote
from footnotary.match.matching import Outcome
from footnotary.models import Page
from pdf_files import drawn

pytest.importorskip("pypdfium2")
WORDS = "Seventeen connections wait for each worker."
LINES = (
    "The pool keeps five connections open for a worker.",
    "Each worker opens its own pool after the fork.",
    "More than that is refused with an error.",
)


def text(x, y, words, size=11):
    """Return the operators that write words at a place."""
    return f"BT /F1 {size} Tf {x} {y} Td ({words}) Tj ET\n"


BODY = "".join(text(72, 760 - 14 * number, line) for number, line in enumerate(LINES))
HERE = text(72, 300, WORDS)
IMAGE = "BI /W 1 /H 1 /CS /G /BPC 8 ID \x01 EI\n"
FAINT = "/ExtGState << /G << /ca 0 >> /H << /ca .5 >> >>"
HIDDEN = {
    "white": f"1 g {HERE} 0 g",
    "nearly white": f".99 g {HERE} 0 g",
    "white in RGB": f"1 1 1 rg {HERE} 0 g",
    "white in CMYK": f"0 0 0 0 k {HERE} 0 g",
    "pale on pale": f".9 g 0 250 595 100 re f .91 g {HERE} 0 g",
    "red on red": f"1 .9 .9 rg 0 250 595 100 re f 1 .9 .9 rg {HERE} 0 g",
    "transparent": f"q /G gs {HERE} Q",
    "off to the left": text(-900, 300, WORDS),
    "below the page": text(72, -60, WORDS),
    "black on black": f"0 g 0 250 595 100 re f {HERE}",
    "blue on blue": f"0 0 1 rg 0 250 595 100 re f {HERE} 0 g",
    "outlines in white": f"1 G BT 1 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET 0 G",
    "letters of no width": f"BT 1 Tz /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
    "one point high": text(72, 300, WORDS, 1),
    "clipped": f"q 0 0 9 9 re W n {HERE} Q",
    "clipped to nothing": f"q 0 0 0 0 re W n {HERE} Q",
    "covered": f"{HERE} 1 g 0 250 595 100 re f 0 g",
    "covered by black": f"{HERE} 0 g 0 250 595 100 re f",
    "covered by a picture": f"{HERE} q 500 0 0 100 50 250 cm {IMAGE} Q",
    "render mode 3": f"BT 3 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET BT 0 Tr ET",
    "render mode 7": f"BT 7 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
    "render mode 3 over a stamp": f"q 90 0 0 40 60 290 cm {IMAGE} Q "
    f"BT 3 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
}
SHOWN = {
    "plain": HERE,
    "grey": f".5 g {HERE} 0 g",
    "black on grey": f".5 g 0 250 595 100 re f 0 g {HERE}",
    "outlines": f"BT 1 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
    "half transparent": f"q /H gs {HERE} Q",
    "white on black": f"0 g 0 250 595 100 re f 1 g {HERE} 0 g",
    "white on a picture": f"q 500 0 0 100 50 250 cm {IMAGE} Q 1 g {HERE} 0 g",
    "clipped to its place": f"q 0 250 595 100 re W n {HERE} Q",
    "over a white box": f"1 g 0 250 595 100 re f 0 g {HERE}",
    "underlined": f"{HERE} 72 297 200 .5 re f",
    "in a frame": f"{HERE} 60 290 300 30 re S",
    "outlined": f"BT 1 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
    "read by a scanner": f"q 595 0 0 842 0 0 cm {IMAGE} Q "
    f"BT 3 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
    "scaled by its matrix": f"BT /F1 1 Tf 11 0 0 11 72 300 Tm ({WORDS}) Tj ET",
}


FORM = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
SPECIAL = {
    "a layer that is off": (
        f"/OC /M BDC {HERE} EMC",
        "/Properties << /M << /Type /OCMD /OCGs 7 0 R >> >>",
        ["<< /Type /OCG /Name (L) >>"],
        "/OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>",
        "",
    ),
    "a black soft mask": (
        f"q /G gs {HERE} Q",
        "/ExtGState << /G << /SMask << /S /Luminosity /G 7 0 R >> >> >>",
        [(f"{FORM} /Group << /S /Transparency /CS /DeviceGray >>", "0 g 0 0 595 842 re f")],
        "",
        "",
    ),
    "an annotation over it": (
        HERE,
        "",
        [
            "<< /Type /Annot /Subtype /Square /Rect [0 250 595 350] /F 4 /AP << /N 8 0 R >> >>",
            ("/Type /XObject /Subtype /Form /BBox [0 0 595 100]", "1 g 0 0 595 100 re f"),
        ],
        "",
        "/Annots [7 0 R]",
    ),
    "other words in its place": (
        f"/Span << /ActualText ({WORDS}) >> BDC {text(72, 300, 'Nothing waits')} EMC",
        "",
        [],
        "",
        "",
    ),
    "a tiny font": (text(72, 300, WORDS, size=0.1), "", [], "", ""),
    "letters that clip": (
        f"BT 7 Tr /F1 9 Tf 72 700 Td (x) Tj ET BT 0 Tr /F1 11 Tf 72 300 Td ({WORDS}) Tj ET",
        *("", [], "", ""),
    ),
}


def test_layers_masks_and_annotations_hide():
    """What they leave nothing of on the page is no text of it; a layer that is on is text."""
    layer = SPECIAL["a layer that is off"]
    cases = {**SPECIAL, "a layer that is on": (*layer[:3], layer[3].replace("OFF", "ON"), "")}
    for name, (stream, resources, objects, catalog, entries) in cases.items():
        body = drawn(BODY + stream, resources, objects, catalog=catalog, entries=entries)
        shown = " ".join(_read(body)[0])
        assert LINES[0] in shown, name
        assert (WORDS in shown) == name.endswith(" on"), name


STATED = {
    "other words": ("never", "always", "always"),
    "other letters": ("never", "n3ver", "n3ver"),
    "a number": ("16", "106", "106"),
    "a long text": ("x" * 40, "always", "always"),
    "a ligature": ("fi", "\\256", "fi"),
    "the same words": ("never", "never", "never"),
}


def test_letters_are_read_as_they_are_drawn():
    """What a mark states in the place of letters is their text only where they say the same."""
    for name, (stated, letters, seen) in STATED.items():
        shown = text(72, 300, f"The pool {letters} closes")
        body = drawn(BODY + f"/Span << /ActualText (The pool {stated} closes) >> BDC {shown} EMC")
        words = " ".join(_read(body)[0]).replace("\ufb01", "fi")
        assert f"The pool {seen} closes" in words, (name, words)


def page_of(stream):
    """Return the page of a file that a content stream draws."""
    texts, _, unseen = _read(drawn(BODY + stream, FAINT))
    return Page(
        url="https://a.example",
        final_url="https://a.example",
        text=texts[0],
        unseen=unseen,
        page_starts=(0,),
    )


def test_hidden_text_of_a_pdf_is_not_shown():
    """What changes nothing on the page is refused by name; what a reader sees is found."""
    for name, stream in HIDDEN.items():
        page = page_of(stream)
        refused = match_quote(WORDS, page)
        assert (refused.outcome, bool(refused.reason)) == (Outcome.ABSENT, True), name
        assert match_quote(LINES[0], page).found, name
    for name, stream in SHOWN.items():
        assert match_quote(WORDS, page_of(stream)).found, name


def moved(*parts):
    """Return one line whose parts have a size and a rise each."""
    shown = " ".join(f"/F1 {size} Tf {rise} Ts ({words}) Tj" for words, size, rise in parts)
    return f"BT 72 300 Td {shown} ET"


LEVELS = {
    moved(("up to 10", 11, 0), ("6", 7, 4), (" rows", 11, 0)): ("up to 10⁶ rows", "up to 106 rows"),
    moved(("up to 10", 11, 0), ("-3", 7, 4), (" rows", 11, 0)): (
        "up to 10⁻³ rows",
        "up to 10-3 rows",
    ),
    moved(("up to 10", 11, 0), ("6", 11, 4), (" rows", 11, 0)): (
        "up to 10⁶ rows",
        "up to 106 rows",
    ),
    moved(("the base 10", 11, 0), ("2", 7, -2), (" is", 11, 0)): (
        "the base 10₂ is",
        "the base 102 is",
    ),
    moved(("about 2", 11, 0), ("1", 7, 4), ("2", 7, -1), (" hours", 11, 0)): (
        "about 2¹₂ hours",
        "about 212 hours",
    ),
    moved(("about ", 11, 0), ("1", 7, 4), ("2", 7, -1), (" an hour", 11, 0)): (
        "an hour",
        "about 12 an hour",
    ),
}


def test_raised_digits_of_a_pdf_are_exponents():
    """No raised or lowered digit makes a number with those beside it."""
    for stream, (true, false) in LEVELS.items():
        page = page_of(stream)
        assert true in " ".join(page.text.split()), stream
        assert false not in " ".join(page.text.split()), stream


LEFT = (
    "Every worker opens a pool",
    "of its own after the fork, so",
    "four workers need twenty",
    "connections in the end.",
)
RIGHT = (
    "The proxy closes what has been",
    "idle for ten minutes, and the",
    "pool must test a connection",
    "before it hands it out.",
)


def columns(rows, *, by_row):
    """Return two columns of text, drawn row by row or one after the other."""
    left = [text(60, 600 - 14 * number, words) for number, words in enumerate(LEFT[:rows])]
    right = [text(330, 600 - 14 * number, words) for number, words in enumerate(RIGHT[:rows])]
    both = itertools.chain(*zip(left, right, strict=True)) if by_row else [*left, *right]
    return "".join(both)


def test_lines_of_two_columns_are_not_glued():
    """A sentence goes on in its column, however its lines were drawn; across it says nothing."""
    for by_row in (True, False):
        page = page_of(columns(4, by_row=by_row))
        assert match_quote(
            "opens a pool of its own after the fork, so four workers need", page
        ).found
        assert match_quote("idle for ten minutes, and the pool must test a connection", page).found
        assert not match_quote(
            "Every worker opens a pool The proxy closes what has been", page
        ).found
    for rows in (1, 2):
        page = page_of(columns(rows, by_row=True))
        assert not match_quote(
            "Every worker opens a pool The proxy closes what has been", page
        ).found
        assert match_quote("The proxy closes what has been", page).found


def test_a_row_of_a_table_is_read_as_a_row():
    """Short cells that stand beside each other are no columns of prose."""
    rows = (("pool_size", "5"), ("max_overflow", "10"), ("timeout", "30"), ("recycle", "3600"))
    page = page_of(
        "".join(
            text(60, 500 - 14 * n, a) + text(300, 500 - 14 * n, b) for n, (a, b) in enumerate(rows)
        )
    )
    assert "max_overflow 10" in page.text


def test_rows_that_differ_in_numbers_are_no_running_heads():
    """A head is alike on most pages or counts with them; a page keeps its only words."""
    words = "Words of the page, and more.\nA second line of them.\nA third.\nA fourth.\nA fifth."

    def kept(*tops):
        pages = without_furniture([f"{top}\n{words} {at * 7}" for at, top in enumerate(tops)])
        return [page.partition("\n")[0] in tops for page in pages]

    assert kept("8 16 32", "9 3 81", "4 4 2", "7 1 0") == [True] * 4
    assert kept("Limit 8 of a pool", "Limit 9 of a pool", "Limit 1 of a pool") == [True] * 3
    assert kept(*["The manual, 2.1"] * 4) == [False] * 4
    assert kept("Part 1", "Part 1", "Part 2", "Part 2") == [False] * 4
    assert kept(*(f"Page {at} of 4 pages" for at in range(1, 5))) == [False] * 4
    slides = [f"Step {at}\nTakes {at} days." for at in range(1, 6)]
    assert without_furniture(slides) == slides
    told = [f"It may be shared\nby {'abcdef'[at]} while workers are below {at}\n\n{words}\n{at}"
            for at in range(6)]  # fmt: skip
    told[4] = f"It may be shared\nonly if its limit is 4\n\n{words}\nPage 4"
    assert "only if its limit is 4" in without_furniture(told)[4]
    pages = ["\n".join(f"{one * 5} is line {one}" for one in letters) for letters in
             ("abcde", "fghij", "klmno", "pqrst")]  # fmt: skip
    assert without_furniture([f"{page}\n{at}" for at, page in enumerate(pages, 3)]) == pages
