"""Formulas, gutters, shadow roots and tabs: a number that no reader sees is no number of the page."""

from datetime import UTC, datetime

import pytest

from footnotary.extract import extract
from footnotary.match import match_quote
from footnotary.models import Response
from tables import each_row

FILLER = "<p>" + "These words make the page long enough to be read. " * 8 + "</p>"
HTML = {"content-type": "text/html; charset=utf-8"}


def read(markup, head=""):
    """Extract a page with some markup and enough other words."""
    return extract(
        Response(
            url="https://docs.example/page",
            final_url="https://docs.example/page",
            headers=HTML,
            body=f"<!doctype html><head>{head}</head><body>{markup}{FILLER}".encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )


MATHML = [
    ("<msup><mn>10</mn><mn>6</mn></msup>", "10⁶", "106"),
    ("<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10⁻³", "10-3"),
    ("<msup><mn>2</mn><mi>n</mi></msup>", "2^n", "2n"),
    ("<msup><mi>x</mi><mn>2</mn></msup>", "x²", "x2"),
    ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2", "12"),
    ("<mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "2 1/2", "212"),
    ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>", "(a+1)/2", "a+12"),
    ("<msqrt><mn>16</mn></msqrt>", "√16", "16"),
    ("<mn>3</mn><msqrt><mn>16</mn></msqrt>", "3 √16", "316"),
    ("<mroot><mn>8</mn><mn>3</mn></mroot>", "³√8", "83"),
    ("<msub><mn>10</mn><mn>2</mn></msub>", "10₂", "102"),
    ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x₁²", "x12"),
    (
        "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mn>9</mn></munderover>",
        "∑_(i=1)⁹",
        "∑i=19",
    ),
    ("<mn>10</mn><mphantom><mn>5</mn></mphantom>", "10", "105"),
    (
        "<semantics><mn>10</mn><annotation encoding='application/x-tex'>10</annotation></semantics>",
        "10",
        "1010",
    ),
]


@each_row(("math", "shown", "glued"), MATHML)
def test_a_formula_is_no_plain_number(math, shown, glued):
    """Raised, lowered, stacked and rooted parts of MathML are told apart, and found as drawn."""
    page = read(f"<p>About <math>{math}</math> connections are used by it.</p>")
    assert f"About {shown} connections are used by it." in page.text
    assert match_quote(f"About {shown} connections are used by it.", page).found
    assert not match_quote(f"About {glued} connections are used by it.", page).found


@each_row(
    ("markup", "shown"),
    [
        (
            (
                "<span class=katex><span class=katex-mathml><math><msup><mn>10</mn><mn>6</mn></msup></math>"
                "</span><span class=katex-html aria-hidden=true><span>10</span><span>6</span></span></span>"
            ),
            "10⁶",
        ),
        (
            "<span class=katex><span class=katex-html aria-hidden=true>106</span></span>",
            "\ufffc",
        ),
        (
            "<span class=katex><span class=katex-html><span class=mord>10</span></span></span>",
            "10",
        ),
        ("<span class=katex><math><mn>10</mn></math></span>", "10"),
        ("<math><menclose notation=top><mn>106</mn></menclose></math>", "\ufffc"),
        ("<svg width=90 height=20><text y=15>10<tspan dy=-5>6</tspan></text></svg>", "10\ufffc6"),
        (
            (
                "<mjx-container><mjx-math aria-hidden=true>10</mjx-math><mjx-assistive-mml><math>"
                "<mn>10</mn></math></mjx-assistive-mml></mjx-container>"
            ),
            "10",
        ),
        (
            (
                "<span class=MathJax_Preview>10</span><span class=MathJax><nobr>10</nobr>"
                "<span class=MJX_Assistive_MathML><math><mn>10</mn></math></span></span>"
            ),
            "10",
        ),
        (
            (
                "<span class=mwe-math-element><span style='display: none'><math><msup><mn>10</mn>"
                "<mn>6</mn></msup></math></span><img alt='10^6'></span>"
            ),
            "10⁶",
        ),
    ],
)
def test_a_formula_that_is_written_twice_counts_once(markup, shown):
    """KaTeX, MathJax and MediaWiki write it for the eye and for readers aloud."""
    page = read(f"<p>At most {markup} connections may be open.</p>")
    assert f"At most {shown} connections may be open." in page.text
    assert not match_quote("At most 106 connections may be open.", page).found


@each_row(
    ("style", "shown"),
    [
        ("vertical-align:super;font-size:70%", "10⁶"),
        ("font-size:70%; VERTICAL-ALIGN: Super", "10⁶"),
        ("vertical-align: 0.5em", "10⁶"),
        ("vertical-align: sub", "10₆"),
        ("vertical-align: -3px", "10₆"),
        ("vertical-align: baseline", "106"),
        ("vertical-align: super; vertical-align: baseline", "106"),
        ("vertical-align: 0", "106"),
    ],
)
def test_digits_that_a_style_raises_are_raised(style, shown):
    """`vertical-align` decides the level as `<sup>` does; the last declaration counts."""
    page = read(f"<p>About 10<span style='{style}'>6</span> connections are used.</p>")
    assert f"About {shown} connections are used." in page.text


def test_what_cannot_be_read_of_a_formula_parts_the_words_around_it():
    """A formula that a script has yet to write, and parts on levels of their own, are signs."""
    for markup in (
        "10<script type='math/tex'>^6</script>",
        "<span class=mjx-chtml><span class=mjx-mn>10</span><span class=mjx-sup>6</span></span>",
        "<math><mn>10</mn><mstyle scriptlevel=1><mn>6</mn></mstyle></math>",
        "<math><mn>10</mn><mpadded voffset=1ex><mn>6</mn></mpadded></math>",
        "<math><mstyle mathcolor=white><mn>10</mn></mstyle><mn>6</mn></math>",
        "<math><mn>10</mn><mspace width=1em /><mn>6</mn></math>",
        "<math><mfrac linethickness=0><mn>10</mn><mn>6</mn></mfrac></math>",
    ):
        page = read(f"<p>At most {markup} connections may be open.</p>")
        for false in ("106 connections may be open", "10/6 connections", "At most connections may"):
            assert not match_quote(false, page).found, (markup, page.text)
    shown = "<math><mstyle mathcolor=red scriptlevel=0><mn>106</mn></mstyle></math>"
    assert match_quote("At most 106 rows may", read(f"<p>At most {shown} rows may be open.")).found


_LINES = ("total = 5 + x", "for row in rows:", "    total += 1", "return total")


def _numbered(before, line, after="", joined=""):
    """Return markup of code whose lines are written in a form, with their numbers."""
    lines = (line.format(number, words) for number, words in enumerate(_LINES, 1))
    return before + joined.join(lines) + after


_NUMBERS = "".join(f"<a id={number}>{number}</a>\n" for number in range(1, 5))
_CODE = "\n".join(_LINES)
NUMBERED = [
    f"<div><pre class=line-numbers>{_NUMBERS}</pre><pre class=rust>{_CODE}</pre></div>",
    f"<div><div><pre class=src-line-numbers>{_NUMBERS}</pre></div><pre>{_CODE}</pre></div>",
    _numbered("<pre><code>", "<a href=#{0} id={0} data-nosnippet>{0}</a>{1}\n", "</code></pre>"),
    _numbered("<div class=fragment>", "<div class=line><span class=lineno>{0}</span> {1}</div>"),
    f"<div class=code><div class=line-numbers>{_NUMBERS}</div><pre class=code>{_CODE}</pre></div>",
    f"<div><pre>{_CODE}</pre><div class=line-numbers-wrapper>{_NUMBERS}</div></div>",
    f"<table><tr><td class=linenumbers><pre>{_NUMBERS}</pre><td><pre>{_CODE}</pre></table>",
    _numbered("<div>", "<div class=pre><a class=linenr>{0}</a> {1}</div>"),
    _numbered("<div>", "<div><i class=CodeMirror-linenumber>{0}</i><pre>{1}</pre></div>"),
    _numbered("<table>", "<tr><td class=blob-num>{0}<td class=blob-num>{0}<td class=blob-code>{1}"),
]


def test_numbers_beside_code_are_no_part_of_it():
    """Columns and anchors that count the lines of the code beside them are not read with it."""
    for markup in NUMBERED:
        page = read(markup)
        for true in (_CODE, _LINES[0], "\n".join(_LINES[:2])):
            assert match_quote(true, page).found, (markup, page.text)
        for false in ("1total = 5", "1 total = 5 + x", "1 2 3 4", "total = 5 + x 2"):
            assert not match_quote(false, page).found, (markup, page.text)
    data = "<table><tr><td class=num>12<td><code>limit</code><tr><td class=num>7<td><code>x</code>"
    assert "12\tlimit" in read(data).text


GUTTERS = [
    (
        "<pre><span></span><span class=linenos>1</span><span class=mi>5</span> + limit\n"
        "<span class=linenos>2</span>open(url)\n</pre>"
    ),
    "<pre><span class='lineno'> 1</span>5 + limit\n<span class='lineno'> 2</span>open(url)</pre>",
    (
        "<pre><code><span class=line><span class=ln>1</span>5 + limit</span>\n"
        "<span class=line><span class=ln>2</span>open(url)</span></code></pre>"
    ),
    (
        "<table class='highlighttable'><tr><td class=linenos><div class=linenodiv><pre>1\n2</pre></div>"
        "<td class=code><pre>5 + limit\nopen(url)</pre></table>"
    ),
    "<table class='highlight'><tr><td class='blob-num'>1</td><td><pre>5 + limit\nopen(url)</pre></table>",
    "<pre><span class=zz>1</span>5 + limit\n<span class=zz>2</span>open(url)\n<span class=zz>3</span>x</pre>",
    (
        "<pre><span class='token-line'><span class='line-number'>1</span>5 + limit</span>"
        "<span class='token-line'><span class='line-number'>2</span>open(url)</span></pre>"
    ),
    (
        "<style>.q { -webkit-user-select: none }</style>"
        "<pre><i class=q>1</i>5 + limit\n<i class=q>2</i>open(url)</pre>"
    ),
    "<pre><b style='user-select: none'>1</b>5 + limit\n<b style='user-select: none'>2</b>open(url)</pre>",
]


@each_row("markup", GUTTERS)
def test_line_numbers_are_no_part_of_the_code(markup):
    """What a highlighter puts before the lines is neither code nor more digits of it."""
    page = read(markup)
    assert "5 + limit\nopen(url)" in page.text
    assert "15 + limit" not in page.text
    assert match_quote("5 + limit\nopen(url)", page).found


@pytest.mark.parametrize(
    "code",
    [
        "<span class=mi>5</span> + limit",
        "limit = <span class=mi>10</span>\n<span class=mi>11</span>",
    ],
)
def test_numbers_of_the_code_stay(code):
    """Literals are no gutter: they do not count the lines."""
    words = code.replace("<span class=mi>", "").replace("</span>", "")
    assert words in read(f"<pre>{code}</pre>").text


def test_lines_that_are_elements_keep_their_ends():
    """Block spans that hold one line each are lines, without a line end between them."""
    page = read(
        "<pre><code><span class=line>a = 1</span><span class=line>b = 2</span></code></pre>"
    )
    assert "a = 1\nb = 2" in page.text


@each_row(
    ("markup", "shown"),
    [
        ("<div><template shadowrootmode=open>in the root</template></div>", True),
        ("<div><template shadowrootmode=CLOSED>in the root</template></div>", True),
        ("<my-box><template shadowrootmode=open><p>in the root</template></my-box>", True),
        ("<div><template shadowrootmode=bogus>in the root</template></div>", False),
        ("<ul><li><template shadowrootmode=open>in the root</template></ul>", False),
        (
            (
                "<div><template shadowrootmode=open>a</template>"
                "<template shadowrootmode=open>in the root</template></div>"
            ),
            False,
        ),
        ("<div><template shadowrootmode=open>a</template><p>in the root</p></div>", False),
        (
            "<my-x><template shadowrootmode=open>in <slot></slot> root</template><b>the</b></my-x>",
            True,
        ),
        (
            "<my-x><template shadowrootmode=open><slot name=a>in the</slot> root</template></my-x>",
            True,
        ),
        (
            (
                "<my-x><template shadowrootmode=open><slot name=a></slot></template>"
                "<b slot=b>in the root</b></my-x>"
            ),
            False,
        ),
        (
            (
                "<div><template shadowrootmode=open><my-y><template shadowrootmode=open>in the root"
                "</template></my-y></template></div>"
            ),
            True,
        ),
    ],
)
def test_shadow_roots_are_composed_as_a_browser_does(markup, shown):
    """Mode, host, the first root, slots by name and fallbacks decide what is rendered."""
    assert ("in the root" in " ".join(read(markup).text.split())) is shown


def test_a_closed_tab_is_text_and_is_said_to_be_closed():
    """What one act of the reader opens is found, and the record says where it is."""
    tabs = "<ul role=tablist><li role=tab>npm<li role=tab>Yarn</ul>"
    panel = "<div role=tabpanel hidden><pre>yarn add pool-sizer --exact</pre></div>"
    words = "yarn add pool-sizer --exact"
    page = read(f"<h1>Install</h1>{tabs}{panel}<p>And after that it runs.</p>")
    found = match_quote(words, page)
    assert (found.found, found.place) == (True, "Install (in a closed tab)")
    assert match_quote("And after that it runs.", page).place == "Install"
    assert not match_quote(words, read(panel)).found  # no tab opens it
    open_panel = read(f"{tabs}<div role=tabpanel><pre>{words}</pre></div>")
    assert match_quote(words, open_panel).reason == ""


def test_what_a_button_or_a_radio_opens_is_closed_and_found():
    """Accordions, folds and tabs of radio buttons are opened by one act; menus are no text."""
    words = "yarn add pool-sizer --exact"
    opened = (
        f"<button aria-expanded=false aria-controls=p>More</button><div id=p hidden>{words}</div>",
        f"<a data-bs-toggle=collapse data-bs-target='#p'>More</a><div id=p hidden>{words}</div>",
        f"<input type=radio><label>Yarn</label><div style='display: none'>{words}</div>",
    )
    for markup in opened:
        assert match_quote(words, read(markup)).reason == "in a closed tab", markup
    menu = f"<button aria-expanded=false aria-controls=p>M</button><ul id=p role=menu hidden>{words}</ul>"
    for markup in (menu, f"<button>More</button><div id=p hidden>{words}</div>"):
        assert not match_quote(words, read(markup)).found, markup
