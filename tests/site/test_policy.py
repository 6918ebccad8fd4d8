"""The policy allows what the theme runs by itself; what else a page holds is blocked and named."""

from footnotary.publishing.policy import Blocked, Trusted, apply_policy, trust
from tables import each_row

THEME = "let theme = '<b>' && 1;\n"
EMPTY = (
    f"<!doctype html><html><head><meta charset='utf-8'><script>{THEME}</script></head><body>"
    "<script src='../theme.js'></script><script src='https://cdn.example/a.js'></script>"
    "<script id='__config' type='application/json'>{}</script></body></html>"
)


def page(words, head=""):
    """A page of the theme with words in it."""
    return EMPTY.replace("</body>", f"{words}</body>").replace("<script>", f"{head}<script>", 1)


def hashes(html):
    """How many scripts the policy of a page allows by their hash."""
    return html.count("'sha256-")


def test_an_empty_page_says_what_the_theme_runs():
    """Inline scripts by their text, those in files by their address; data is no script."""
    assert trust(EMPTY) == Trusted(
        frozenset([THEME]), frozenset(["../theme.js", "https://cdn.example/a.js"])
    )


def test_a_page_of_words_is_allowed_its_themes_scripts_and_nothing_is_named():
    """The policy is behind the declaration of the characters, in front of every script."""
    html, blocked = apply_policy(page("<p>on words = javascript: x</p>"), trust(EMPTY))
    assert blocked == ()
    assert hashes(html) == 1
    before, behind = html.split('<meta http-equiv="Content-Security-Policy"')
    assert before == "<!doctype html><html><head><meta charset='utf-8'>"
    assert "script-src 'self' 'sha256-" in behind
    assert "unsafe-inline" not in behind.partition("script-src")[2].partition(">")[0]


@each_row(
    ("words", "named"),
    [
        ("<script>window.hit=1</script>", "an inline script, 'window.hit=1'"),
        ("<script >\nwindow.hit=1</script\n>", "an inline script, 'window.hit=1'"),
        ("<SCRIPT TYPE=module>hit()</SCRIPT>", "an inline script, 'hit()'"),
        ("<script type='text/javascript; charset=x'>hit()</script>", None),
        ("<script type='importmap'>{}</script>", "an inline script, '{}'"),
        ("<script href='x'>hit()</script>", "an inline script, 'hit()'"),
        ("<svg><script>hit()</script></svg>", "an inline script, 'hit()'"),
        (f"<script>{THEME} </script>", "an inline script,"),
        ("<script src='//cdn.example/x.js'></script>", "a script from elsewhere,"),
        ("<svg><script href='https://cdn.example/x'/></svg>", "a script from elsewhere,"),
        ("<p onclick='hit()'>x</p>", "an attribute that is a script, onclick='hit()'"),
        ("<p/ONCLICK=hit()>x</p>", "an attribute that is a script, onclick='hit()'"),
        ("<p title=x\nonclick = hit()>x</p>", "an attribute that is a script,"),
        ("<a href='javascript:hit()'>x</a>", "an address that is a script,"),
        ("<a href=' java\tscript:hit()'>x</a>", "an address that is a script,"),
        ("<a href='&#106;avascript&colon;hit()'>x</a>", "an address that is a script,"),
        ("<form action='javascript:hit()'></form>", "an address that is a script,"),
        ("<button formaction='JavaScript:hit()'>x</button>", "an address that is a script,"),
        ("<svg><a xlink:href='javascript:hit()'>x</a></svg>", "an address that is a script,"),
        ("<iframe srcdoc='<script>hit()</script>'></iframe>", "an element of another page,"),
        ("<object data='x'></object>", "an element of another page, <object>"),
        ("<script type='text/template'>hit()</script>", None),
        ("<script type='application/ld+json'>{}</script>", None),
        ("<a href='https://e.example/javascript:x'>x</a>", None),
        ("<a href='#fn:1'>x</a>", None),
        ("<script src='../theme.js'></script>", None),
        ("&lt;script&gt;hit()&lt;/script&gt; &lt;p onclick=x&gt;", None),
    ],
)
def test_what_is_not_the_themes_is_blocked_and_named(words, named):
    """No page allows itself; what no browser runs is not named."""
    html, blocked = apply_policy(page(words), trust(EMPTY))
    assert hashes(html) == 1
    assert [one for one in blocked if one.startswith(named or " ")] == [*blocked]
    assert bool(blocked) == bool(named)


def test_a_script_in_the_head_cannot_come_before_the_policy():
    """A title that ends itself is behind it."""
    html, blocked = apply_policy(page("", "<title></title><script>hit()</script>"), trust(EMPTY))
    assert html.index("Content-Security-Policy") < html.index("hit()")
    assert blocked == ("an inline script, 'hit()'",)


def test_without_a_head_there_is_no_policy():
    """What is no page is left alone."""
    assert apply_policy("no head", Trusted()) == ("no head", ())


def test_images_of_the_web_are_for_pages_that_have_badges():
    """Swagger UI shows the words of an API, and asks nobody for a picture."""
    assert "img-src 'self' data: https:;" in apply_policy(EMPTY, Trusted())[0]
    assert "img-src 'self' data:;" in apply_policy(EMPTY, Trusted(), web_images=False)[0]


def test_each_thing_is_named_once_with_its_first_page():
    """A theme that holds it on every page makes one sentence."""
    blocked = Blocked()
    for name in ("a.md", "b.md", "c.md"):
        blocked.add(("an inline script, 'x'",), name)
    assert [one.partition(":")[0] for one in blocked.sentences()] == ["a.md and 2 more"]
