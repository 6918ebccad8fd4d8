"""Which words of a page are its text."""

import pytest

from footnotary import clock
from footnotary.extract import extract
from footnotary.models import Response, UnreadableReason
from tables import each_row

pytestmark = pytest.mark.usefixtures("read_here")

URL = "https://docs.example/page"


def page(body, media_type="text/html", url=URL, status=200):
    """Extract a page."""
    data = body if isinstance(body, bytes) else body.encode()
    return extract(
        Response(
            url=url,
            final_url=url,
            status=status,
            headers={"content-type": media_type},
            body=data,
            retrieved_at=clock.now(),
        )
    )


def text(body):
    """Return the text of a fragment of HTML."""
    return page(f"<!doctype html><meta charset=utf-8>{body}").text


@each_row(
    ("body", "expected"),
    [
        ("<p>wet<b>t</b>er.<p>next", "wetter.\nnext"),
        ("<p>one<br>two un<wbr>broken soft&shy;ly", "one\ntwo unbroken softly"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby>", "漢字"),
        ("<details><summary>More</summary>Inside</details>", "More\nInside"),
        ("<body><noscript><p>Without scripts</p></noscript>", "Without scripts"),
        ("<head><noscript><p>No scripts</p></noscript></head><p>Shown", "Shown"),
        ("<title>a</title><!-- b --><noscript>No scripts</noscript><p>Shown", "Shown"),
        ("<head><noscript><style>p{display:none}</style></noscript></head><p>Shown", "Shown"),
        (
            "<div><pre>5 + x</pre><div class=line-numbers-wrapper><i class=line-number>1</i></div>",
            "5 + x",
        ),
        (
            "<style>p{white-space:pre}b{float:left;user-select:none}</style><p><b>1</b>5 + x</p>",
            "5 + x",
        ),
        ("<pre>def f():\n    <b>return</b>  1\n</pre>", "def f():\n    return  1"),
        ("<p>10<sup>6</sup> and H<sub>2</sub>O", "10⁶ and H2O"),
        ("<p>in 2019<sup><a href=#n>3</a></sup> it", "in 2019 3 it"),
        ("<p>now <del>100</del><s>50</s>10", "now 10"),
        ("<p>a<textarea>draft</textarea><select><option>x</select>b", "a\ufffcb"),
        ("<img alt='in a picture'><p>shown", "shown"),
        ("<svg><title>no</title><text>drawn</text></svg>", "drawn"),
        ("<div><template shadowrootmode=open><p>shadow</template></div>", "shadow"),
        ("<template><p>not yet</template><p>shown", "shown"),
        ("<p>a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ('<p>x<i a"b title="p>q\'">y</i>z', "xyz"),
        ("<script>var a = '<p>no</p>'</script><style>p{}</style><p>yes", "yes"),
        ("<p>a<!-- b <p> -->c", "ac"),
    ],
)
def test_words_are_joined_as_they_are_shown(body, expected):
    """Blocks break lines, inline elements break nothing, and only what is shown is text."""
    assert text(body) == expected


@each_row(
    "hiding",
    [
        "<p hidden>{}</p>",
        "<p style='display:none'>{}</p>",
        "<p style='visibility: hidden'>{}</p>",
        "<p style='opacity:0'>{}</p>",
        "<p style='font-size:0px'>{}</p>",
        "<p style='position:absolute;left:-9999px'>{}</p>",
        "<p style='position: absolute; clip: rect(0 0 0 0)'>{}</p>",
        "<p style='color:#fff;background:white'>{}</p>",
        "<style>.gone{{display:none}}</style><p class=gone>{}</p>",
        "<style>@media screen{{.gone{{visibility:hidden!important}}}}</style><p class=gone>{}</p>",
        "<style>.sr{{position:absolute;left:-9999px}}</style><p class=sr>{}</p>",
        "<dialog>{}</dialog>",
    ],
)
def test_hidden_words_are_no_text(hiding):
    """Words that a page keeps from its readers are not quoted."""
    shown = "<p>" + "Words that readers see on this page. " * 8 + "</p>"
    found = text(hiding.format("The service is certified.") + shown)
    assert "certified" not in found
    assert "readers see" in found


@each_row(
    "showing",
    [
        "<style>.a{{display:none}} .a.on{{display:block}}</style><p class='a on'>{}</p>",
        "<style>@media print{{.a{{display:none}}}}</style><p class=a>{}</p>",
        "<style>@media(max-width:600px){{.a{{display:none}}}}</style><p class=a>{}</p>",
        "<style>.a:hover{{display:none}}</style><p class=a>{}</p>",
        "<style>main{{visibility:hidden}}</style><script src=a.js></script><main><p>{}</p></main>",
        "<p hidden=until-found>{}</p>",
    ],
)
def test_shown_words_are_text(showing):
    """The cascade decides; what waits for a script to show the main part is shown."""
    shown = "<p>" + "Words that readers see on this page. " * 8 + "</p>"
    assert "certified" in text(showing.format("The service is certified.") + shown)


@each_row(
    ("body", "content_type", "word"),
    [
        ("<meta charset=iso-8859-1><p>caf\u00e9".encode("cp1252"), "text/html", "caf\u00e9"),
        ("<p>日本語の文章".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語"),
        ("\ufeff<p>na\u00efve".encode("utf-16"), "text/html; charset=utf-8", "na\u00efve"),
        ("<p>na\u00efve".encode(), "text/html", "na\u00efve"),
        ("<html lang=ru><p>привет".encode("cp1251"), "text/html", "привет"),
        (b'<meta charset="utf-16"><p>plain', "text/html", "plain"),
    ],
)
def test_encodings_are_read_as_browsers_read_them(body, content_type, word):
    """BOM, then header, then meta, then the language's code page."""
    assert word in page(body, content_type).text


def test_headings_know_their_place():
    """A heading's offset is where it begins in the text, without its permalink's mark."""
    found = page("<p>before<h2 id=a>Retries <a href=#a>¶</a></h2><p>after")
    (heading,) = found.headings
    assert (heading.text, heading.level, heading.anchor) == ("Retries", 2, "a")
    assert found.text[heading.offset :].startswith("Retries")


@each_row(
    ("body", "media_type", "reason"),
    [
        ("<p>short", "text/html", UnreadableReason.TOO_SHORT),
        ("<div id=app></div><script src=a.js></script>", "text/html", UnreadableReason.SCRIPT_ONLY),
        ("<title>Just a moment...</title><p>Checking", "text/html", UnreadableReason.BLOCKED),
        ("<title>Page not found</title><p>Sorry.", "text/html", UnreadableReason.SOFT_404),
        (
            '<title>Sign in</title><p>Please sign in.<input type="password">',
            "text/html",
            UnreadableReason.LOGIN_WALL,
        ),
        (b"\x89PNG\0\0", "image/png", UnreadableReason.UNSUPPORTED_TYPE),
        (b"%PDF-1.4 broken", "application/pdf", UnreadableReason.UNSUPPORTED_TYPE),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(body, media_type, reason):
    """Every state that is not a readable page has its name."""
    assert page(body, media_type).unreadable is reason


@each_row(
    ("body", "media_type"),
    [
        ("The MIT licence applies.", "text/plain"),
        ('{"version": 3}', "application/json"),
        ("# Title\n\nOne line.", "text/markdown"),
        ("<h1>Note</h1><p>The service stops on Monday at nine in the morning.", "text/html"),
    ],
)
def test_short_pages_with_something_to_say_are_readable(body, media_type):
    """Text is short by nature; short HTML needs a whole sentence."""
    assert page(body, media_type).unreadable is None


def test_markdown_is_read_as_it_is_shown():
    """Marks, front matter and link targets are no part of the text."""
    source = "---\ntitle: x\n---\n# Hello\n\nSome `code` and **bold** [link](https://x.example).\n"
    found = page(source, "text/markdown")
    assert found.text == "Hello\nSome code and bold link."
    assert found.title == "Hello"


def test_pages_of_rfcs_do_not_cut_sentences():
    """The foot of one page and the head of the next are taken out of plain text."""
    foot, head = "Fielding  Standards Track  [Page 1]", "RFC 7230   June 2014"
    source = f"a sentence that\n\n{foot}\n\f\n{head}\n\n\n   goes on"
    assert page(source, "text/plain").text == "a sentence that\n   goes on"
