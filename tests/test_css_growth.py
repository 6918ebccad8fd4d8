"""Work over a page's style grows with its length, wherever in the style its text is."""

import pytest

from footnotary.extract.css.sheets import read_sheet
from test_linear_growth import MOST, growth, inside
from text_shapes import BLANKS, MARKUP, SIGNS

pytestmark = pytest.mark.slow

PAGE = "<div><div><p class=a style='color:#fff'>a <b>b</b></p></div></div>" * 20
PLACES = {
    "a rule": inside("<style>p{", f"}}</style>{PAGE}", "text/html"),
    "a selector": inside("<style>", f"{{display:none}}</style>{PAGE}", "text/html"),
    "a style attribute": inside('<p style="', f'">a</p>{PAGE}', "text/html"),
    "a condition": inside("<style>@supports ", f"{{p{{}}}}</style>{PAGE}", "text/html"),
    "rules": lambda text: _rules("p.a b{color:#fff;opacity:0}", text),
    "variables": lambda text: _rules("p{--x:var(--x)var(--y);color:var(--x)}", text),
    "elements": lambda text: _page("<div style='display:none'>a", text),
    "colours": lambda text: _page("<p style='color:#fff;background:#fefefe'>a", text),
}


def _rules(rule, text):
    inside(f"<style>{rule * (len(text) // len(rule))}", f"</style>{PAGE}", "text/html")("")


def _page(element, text):
    inside("<style>.a{color:red}</style>" + element * (len(text) // len(element)), "", "text/html")(
        ""
    )


@pytest.mark.parametrize("place", PLACES)
def test_work_over_style_grows_with_its_length(place):
    """Four times the style is about four times the work; a sheet that was read is not kept here."""
    every = list((BLANKS | SIGNS | MARKUP).items())
    shapes = dict(every[::4] if " " in place else every[:1])

    def function(text):
        read_sheet.cache_clear()
        PLACES[place](text)

    function("first " * 4)
    grown = {shape: growth(function, one) for shape, one in shapes.items()}
    worse = {shape: steps for shape, steps in grown.items() if steps and steps[-1] > MOST}
    assert not worse, worse
