"""What of a page is painted: beside Chromium, way by way."""

import base64
import os

import pytest
import tinycss2

from footnotary.extract.css.scanning import scan_declarations, scan_rules
from footnotary.extract.html import visible_text
from footnotary.extract.parsing import Written, parse_html
from footnotary.match import match_quote
from footnotary.match.matching import Outcome
from footnotary.models import Page
from painted_forms import DOUBTED, HIDDEN, IN_PLACE, MOVED, SHOWN
from site_browser import CHROMIUM

WORDS = "Seventeen connections wait"
OTHER = " ".join(word[::-1] for word in WORDS.split())  # as wide
_BESIDE = "<p>The pool keeps its limit as long as the process lives, and logs each change.</p>"


def text_of(form, url="https://docs.example/guide/page", **styles):
    """Return the text of a form with the words in it, and what is said of its style."""
    tree = parse_html(f"<!doctype html>{form.format(WORDS)}{_BESIDE}")
    return visible_text(
        tree, url, {f"https://docs.example/{name}.css": css for name, css in styles.items()}
    )


def test_hidden_words_are_unseen_and_shown_ones_are_text():
    """What Chromium hides is no text of the page, what it shows is (the table is Chromium's)."""
    assert len(HIDDEN) > 270
    assert len(SHOWN) > 200
    passed = [name for name, form in HIDDEN.items() if WORDS in text_of(form).text]
    refused = [name for name, form in SHOWN.items() if WORDS not in text_of(form).text]
    assert (passed, refused) == ([], [])


CUT = """<!-- @charset "x"; @import url(a.css) screen; a{color:red;}b{}-->
.c:is(.d,[e="}"])>f{g:h!important}
/* } */ @media (min-width:1px){a{b:c} @supports (d:e(f)){g{h:i}}} j{&:k{l:m} n:url(o;p}q) ;
r:"\\"}"}
s{t:u;*v:w;x/**/:y;z} @layer a,b; ;c{d:e} f(]{g:h} ) i{j:k} l{m:(n} o{p:q} r)} s{t:'u
} v{w:x} y{z: { a } b{c:d"""


@pytest.mark.slow
def test_what_is_not_written_is_not_looked_for():
    """A page is read the same whether its markup was looked through for names first or not."""
    forms = [form.format("words") for table in (HIDDEN, SHOWN) for form in table.values()]
    odd = (
        *(
            "<DIALOG>a</DIALOG>",
            "<p hIdDeN>a",
            "<p/hidden>a",
            "<svg/ ><text fill=none>a</text></svg>",
        ),
        *("<div ROLE=row><i role=cell>a</i><i role=cell>b</i></div>", "<a<b><dialog>a</dialog>"),
        *(
            "<body text=white bgcolor=white>a",
            "<div><template shadowRootMode=open>a</template>b</div>",
        ),
        *("<span class=k&#97;tex><i>a</i></span>", "<script type=math&sol;tex>a</script>b"),
        *("<BDO dir=rtl>123</BDO>", "<mjx-container><i>a</i></mjx-container>", "\ud800<p hidden>a"),
        *("<p DIR=rtl>a <button>1</button>2", "<table><TFOOT><tr><td>1<tbody><tr><td>2</table>"),
        *(
            "<details OPEN name=a>a</details><details open name=a>b</details>",
            "<NOSCRIPT>a</NOSCRIPT>",
        ),
    )
    for form in (*forms, *map(str.swapcase, odd), *odd):
        read = visible_text(parse_html(form), written=Written(form))
        assert read == visible_text(parse_html(form)), form


def test_a_sheet_is_cut_into_the_rules_that_a_parser_reads():
    """Rules and declarations are those of tinycss2, also behind brackets and strings left open."""
    for begin in range(0, len(CUT), 6):
        sheet = CUT[begin:]
        read = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
        assert list(map(_parts, scan_rules(sheet, outermost=True))) == list(map(_parts, read))
        found = tinycss2.parse_blocks_contents(sheet, skip_comments=True, skip_whitespace=True)
        names = [one.name for one in found if one.type == "declaration"]
        cut = scan_declarations(sheet)
        assert cut is None or [name for name, _ in cut if name in names] == names, sheet


def _parts(rule):
    if rule.type == "error":
        return ()
    name = rule.lower_at_keyword if rule.type == "at-rule" else ""
    return name, *(part and tinycss2.serialize(part) for part in (rule.prelude, rule.content))


LINKED = [
    ("<link rel=stylesheet href=/a.css><p class=a>{}</p>", {"a": ".a{display:none}"}, False),
    ("<link rel='StyleSheet' href=../a.css><p class=a>{}</p>", {"a": ".a{opacity:0}"}, False),
    (
        "<base href=/><link rel=stylesheet href=a.css><p class=a>{}</p>",
        {"a": ".a{color:#fff}"},
        False,
    ),
    ("<style>@import '/a.css';</style><p class=a>{}</p>", {"a": ".a{display:none}"}, False),
    (
        "<link rel=stylesheet href=/a.css><p class=a>{}</p>",
        {"a": "@import url(b.css) screen;", "b": ".a{display:none}"},
        False,
    ),
    (
        "<link rel=stylesheet href=/a.css><p class=a>{}</p>",
        {"a": "@import 'b.css' layer(x);.a{display:block}", "b": "p.a{display:none}"},
        True,
    ),
    (
        "<link rel=stylesheet media=print href=/a.css><p class=a>{}</p>",
        {"a": "p{display:none}"},
        True,
    ),
    ("<link rel='alternate stylesheet' href=/a.css><p>{}</p>", {"a": "p{display:none}"}, True),
    ("<link rel=stylesheet disabled href=/a.css><p>{}</p>", {"a": "p{display:none}"}, True),
    (
        "<style>p{{display:none}}</style><link rel=stylesheet href=/a.css><p>{}</p>",
        {"a": "p{display:block}"},
        True,
    ),
    ("<p hidden>{}</p><link rel=stylesheet href=/a.css>", {"a": "[hidden]{display:block}"}, True),
]


def test_linked_sheets_hide_and_show():
    """What a page links takes part in the cascade, with what it imports and where it is linked."""
    for form, styles, shown in LINKED:
        found = text_of(form, **styles)
        assert (WORDS in found.text, found.style_read) == (shown, True), form


def test_a_sheet_that_is_not_had_is_said():
    """Where a sheet is missing nothing is hidden by it, and the page says that it was not read."""
    for form in (
        "<link rel=stylesheet href=/gone.css><p>{}</p>",
        "<style>@import 'x'</style><p>{}</p>",
    ):
        found = text_of(form)
        assert WORDS in found.text
        assert not found.style_read
    assert text_of("<link rel=stylesheet media=print href=/gone.css><p>{}</p>").style_read


def test_hidden_words_are_refused_by_name():
    """A quote that only the source has is not shown, with the reason."""
    for form, reason in (
        ("<p hidden>{}.</p>", "display: none"),
        ("<p style='opacity:0'>so {}</p>", "opacity: 0"),
        ("<p style='color:#fff'>{} <b>here</b></p>", "color"),
        ("<p style='text-decoration:line-through'>{}</p>", "text-decoration: line-through"),
        ("<div style='visibility:hidden'><p>{}</p></div>", "visibility: hidden"),
    ):
        text = text_of(form)
        page = Page(
            url="https://a.example",
            final_url="https://a.example",
            text=text.text,
            unseen=text.unseen,
        )
        found = match_quote(WORDS, page)
        assert (found.outcome, found.reason, found.found) == (Outcome.NOT_SHOWN, reason, False)
        assert match_quote("as long as the process lives", page).found
        assert match_quote("Seventeen connections fail", page).outcome is Outcome.ABSENT


UNCERTAIN = [
    "<style>p{{letter-spacing:-1em}}</style><p>{}</p>",
    "<style>div{{word-spacing:-9999px}}</style><div><p>{}</p></div>",
    "<style>p{{background:red linear-gradient(red,red);background-blend-mode:hue}}</style><p>{}",
    "<style>@function --f(){{result:none}}p{{--v:--f();display:var(--v)}}</style><p>{}</p>",
    "<style>p{{opacity:calc(sibling-index() - 1)}}</style><div><p>{}</p></div>",
]


def test_what_cannot_be_told_is_said():
    """What layout would tell, letters over each other and functions of a page are remarked."""
    assert len(DOUBTED) > 80
    for form in (*UNCERTAIN, *DOUBTED.values()):
        found = text_of(form)
        begin = found.text.find(WORDS)
        assert any(first <= begin < last for first, last in found.doubtful), form
    for spacing in ("-.5px", "normal", ".1em", "-.2em"):
        assert not text_of(f"<style>p{{{{letter-spacing:{spacing}}}}}</style><p>{{}}</p>").doubtful


CERTAIN = [
    "<style>p{{height:60px;overflow:hidden}}</style><p>{}</p>",
    "<style>p{{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}</style><p>{}</p>",
    "<style>div{{height:60px;overflow:auto}}</style><div>{}<p>x<p>x<p>x<p>x</div>",
    "<style>i{{position:fixed;top:0;height:20px;background:#fff}}</style><p>{}</p><i>x</i>",
    "<style>i{{position:absolute;inset:0;background:#fff;z-index:-1}}</style><p>{}</p><i></i>",
    "<style>i{{position:absolute;inset:0;background:#00f1}}</style><p>{}</p><i></i>",
    "<style>p{{position:relative}}i{{position:absolute;inset:0;background:#fff}}</style><i></i><p>{}",
    "<style>p{{clip-path:polygon(0 0,100% 0,100% 95%,0 100%)}}</style><p>{}</p>",
    "<style>p{{mask-image:linear-gradient(#000 80%,transparent)}}</style><p>{}</p>",
    "<style>body{{overflow:hidden}}main{{height:99vh;overflow:auto}}</style><main>{}<p>"
    + "<p>x".join(map(str, range(99))),
]


def test_what_is_seen_for_certain_has_no_remark():
    """Room that suffices, boxes that scroll, and boxes that lie below words doubt nothing."""
    for form in CERTAIN:
        found = text_of(form)
        assert WORDS in found.text, form
        assert not found.doubtful, form


SHOWN_LATER = [
    "<style>.a{{opacity:0;transition:all 1s}}</style><script src=x.js></script><p class=a>{}</p>",
    "<style>p{{opacity:0;animation:in 1s}}@keyframes in{{to{{opacity:1}}}}</style><p>{}</p>",
    "<style>main{{visibility:hidden}}</style><script src=x.js></script><main><p>{}</p></main>",
]


def test_what_a_script_shows_is_found_and_said():
    """Words that fade in are text, and it is said; without a script nobody would see them."""
    for form in SHOWN_LATER:
        text = text_of(form)
        page = Page(
            url="https://a.example",
            final_url="https://a.example",
            text=text.text,
            unsure=text.unsure,
        )
        assert (match_quote(WORDS, page).found, match_quote(WORDS, page).reason) == (
            True,
            "shown by a script",
        ), form
    assert WORDS not in text_of(SHOWN_LATER[0].replace("<script src=x.js></script>", "")).text
    switched = "<html class=no-js><style>.no-js p{{display:none}}</style><script></script><p>{}</p>"
    assert WORDS in text_of(switched).text


RAISED = {
    "<style>.e{vertical-align:super}</style>10<span class=e>6</span> rows": "10⁶ rows",
    "<style>.e{vertical-align:sub}</style>x<span class=e>2</span>": "x₂",
    "<style>.e{vertical-align:top;font-size:60%}</style>10<b class=e>6</b> rows": "10⁶ rows",
    "<style>.e{vertical-align:top}</style>wait 10 <b class=e>6</b> rows": "wait 10 6 rows",
    "<style>td{vertical-align:super}</style><table><tr><td>10<td>6</table>": "10\t6",
    "<style>.e{vertical-align:4px;font-size:9px}</style>2<i class=e>8</i> rows": "2⁸ rows",
}


def test_digits_that_a_sheet_raises_are_exponents():
    """`vertical-align` makes an exponent of digits on a line, not of what is merely aligned."""
    for form, words in RAISED.items():
        assert visible_text(parse_html(f"<!doctype html><div>{form}</div>")).text == words, form


HALVES = ("Seventeen connections", "wait patiently here")


def page_of_halves(form):
    """Return the page of a form that has the two halves in it."""
    text = visible_text(parse_html(f"<!doctype html>{form.format(*HALVES)}"))
    address = "https://a.example"
    return Page(url=address, final_url=address, text=text.text, moved=text.moved, rows=text.rows)


def test_a_quote_does_not_cross_the_ends_of_moved_text():
    """Inside of what style moves a quote is found, across its ends it is not, and it is said."""
    for name, form in (MOVED | IN_PLACE).items():
        page, whole = page_of_halves(form), match_quote(" ".join(HALVES), page_of_halves(form))
        if name in MOVED:
            assert (whole.found, whole.reason) == (False, "crosses moved text"), name
        else:
            assert whole.found, name
        assert all(match_quote(half, page).found for half in HALVES), name
    mirrored = "<style>p{{transform:scaleX(-1)}}</style><p>{0} {1}</p>"
    assert not match_quote(HALVES[0], page_of_halves(mirrored)).found


def test_a_quote_does_not_cross_into_a_closed_tab():
    """What nobody sees with what is beside it is quoted by itself."""
    tabs = (
        "<button role=tab>A</button><div role=tabpanel>{0}</div><div role=tabpanel hidden>{1}</div>"
    )
    page = page_of_halves(tabs)
    assert match_quote(" ".join(HALVES), page).reason == "crosses moved text"
    assert all(match_quote(half, page).found for half in HALVES)


ADJACENT = """([first, second]) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode())
        for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const box = range.getBoundingClientRect();
            if (box.width) found.push([word[0], (box.top + box.bottom) / 2, box.left, box.height]);
        }
    found.sort((a, b) => Math.abs(a[1] - b[1]) < a[3] / 2 ? a[2] - b[2] : a[1] - b[1]);
    const words = found.map((one) => one[0]);
    return words.indexOf(second) === words.indexOf(first) + 1;
}"""


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_chromium_reads_in_the_order_that_the_table_says(chromium):
    """The two halves touch, line by line and from left to right, unless they are moved."""
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    touching = []
    for name, form in (MOVED | IN_PLACE).items():
        page.set_content(f"<!doctype html>{form.format(*HALVES)}")
        if page.evaluate(ADJACENT, ["connections", "wait"]):
            touching.append(name)
    page.close()
    assert sorted(touching) == sorted(IN_PLACE)


COMPARED = """async ([one, other]) => {
    const pixels = async (data) => {
        const answer = await fetch(`data:image/png;base64,${data}`);
        const image = await createImageBitmap(await answer.blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height).data;
    };
    const [left, right] = [await pixels(one), await pixels(other)];
    return left.some((value, place) => Math.abs(value - right[place]) > 16);
}"""


def changes_a_pixel(page, judge, form):
    """Return whether other words in a form's place change what Chromium paints, visibly."""
    page.set_content(f"<!doctype html>{form.format(WORDS)}{_BESIDE}")
    clip = {"x": 0, "y": 0, "width": 1280, "height": 300}
    before = page.screenshot(clip=clip)
    page.evaluate(
        """([words, other]) => {
            const replace = (root) => {
                const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                while (texts.nextNode())
                    texts.currentNode.data = texts.currentNode.data.replace(words, other);
                for (const host of root.querySelectorAll("*"))
                    if (host.shadowRoot) replace(host.shadowRoot);
            };
            replace(document.body);
        }""",
        [WORDS, OTHER],
    )
    after = page.screenshot(clip=clip)
    coded = [base64.b64encode(one).decode() for one in (before, after)]
    return before != after and judge.evaluate(COMPARED, coded)


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_chromium_paints_what_the_table_says(chromium):
    """A way hides if other words in their place change no pixel of what Chromium paints.

    Every third way is judged; all of them with `GROUNDS=all`.
    """
    step = 1 if os.environ.get("GROUNDS") == "all" else 3
    window = chromium.new_context(viewport={"width": 1280, "height": 720})
    page, judge = window.new_page(), chromium.new_context().new_page()
    painted = [
        name
        for name, form in list((HIDDEN | DOUBTED).items())[::step]
        if changes_a_pixel(page, judge, form)
    ]
    unpainted = [
        name for name, form in list(SHOWN.items())[::step] if not changes_a_pixel(page, judge, form)
    ]
    for one in (page, judge):
        one.context.close()
    assert (painted, unpainted) == ([], [])


def test_of_a_group_of_details_the_first_alone_is_open():
    """Another that is open in the markup, too, is closed as the page loads."""
    opened = "<details name=a open><summary>A</summary><p>First.</p></details>"
    assert text_of(f"{opened}<details name=a open><p>{{}}</p></details>").closed
    assert not text_of(f"{opened}<details name=b open><p>{{}}</p></details>").closed
