"""Words whose style changes their flow: what the page does not say is refused, beside Chromium."""

from datetime import UTC, datetime
from itertools import product

import pytest

import test_edges
from flowing_forms import (
    BESIDE,
    BOXES,
    DECLARATIONS,
    GENERATED,
    JOINED,
    LEVELS,
    ORDER,
    RELATIVES,
    SAID,
    SPACES,
)
from footnotary.extract import extract
from footnotary.extract.shown import shown_on
from footnotary.match import match_quote
from footnotary.models import Response

# Drawn by a font that has the forms; the one of this machine may have none.
BY_FONT = {"font-super", "font-variant", "sups", "subs", "frac"}


def page(markup):
    """Extract a page without its metadata."""
    return extract(
        Response(
            url="https://docs.example/page",
            final_url="https://docs.example/page",
            headers={"content-type": "text/html; charset=utf-8"},
            body=f"<!doctype html><body>{markup}".encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        ),
        text_only=True,
    )


TOUCHING = """(quote) => {
    const places = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.parentElement.closest("style, del") || !node.parentElement.checkVisibility(
            {opacityProperty: true, visibilityProperty: true})) continue;
        for (let at = 0; at < node.data.length; at++) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect();
            if (/[\\d\\w]/.test(node.data[at]) && box.width)
                places.push({one: node.data[at], box});
        }
    }
    const text = places.map(place => place.one).join("");
    const start = text.indexOf(quote);
    if (start < 0) return false;
    for (let at = start + 1; at < start + quote.length; at++) {
        const [left, right] = [places[at - 1].box, places[at].box];
        if (Math.abs(right.left - left.right) > 1.5 || Math.abs(right.bottom - left.bottom) > 2)
            return false;
    }
    return true;
}"""


def test_quotes_follow_what_is_painted():
    """No quote runs across generated words, other levels, orders, boxes or lines of code."""
    wrong = []
    for forms in (GENERATED, LEVELS, ORDER, BOXES, SPACES, RELATIVES):
        for name, (markup, false, true) in forms.items():
            read = page(markup)
            wrong += [(name, "accepted", one) for one in false if match_quote(one, read).found]
            wrong += [(name, "refused", one) for one in true if not match_quote(one, read).found]
    assert wrong == []


def test_what_is_generated_is_named():
    """A quote cut from a negation that only a style writes is refused by its word."""
    read = page(GENERATED["not"][0])
    assert match_quote("supported on servers", read).reason == 'cut from "is not"'
    assert read.generated == ((6, "not"),)
    assert not match_quote(read.text, read).found  # with U+FFFC in it


def test_titles_have_no_marks():
    """What is put into the tree for the text is not in titles, headings and names."""
    rules = "b{display:flex}i{float:right}u{white-space:pre}h1::before{content:'No. '}"
    body = (
        "<h1><i>New</i> <b><span>Sizes</span><span>of pools</span></b> <u>in\nall</u></h1><p>Words."
    )
    read = test_edges.page(f"<style>{rules}</style>{body}")
    assert read.title == "New Sizes of pools in all"
    assert shown_on(f"<style>{rules}</style>{body}").headlines[0] == read.title


def test_what_is_drawn_between_digits_parts_them():
    """What is taken out of the text though it is drawn, or was, leaves no number behind."""
    for name in (
        *("audio", "canvas", "del", "iframe", "img", "input", "meter", "object", "progress", "s"),
        *("select", "strike", "svg", "textarea", "video"),
    ):
        markup = f"<p>The most is 10<{name} controls data=x></{name}>6 rows of data"
        assert not match_quote(JOINED[0], page(markup)).found, name
    assert match_quote(
        JOINED[0], page(f"<p>{JOINED[0].replace('06', '<script></script>06')}")
    ).found


@pytest.mark.slow
def test_chromium_draws_it_so(chromium):
    """Chromium draws digits apart, or another word between, where a form says it is false."""
    tab = chromium.new_page()
    tree = tab.context.new_cdp_session(tab)
    for name, (markup, false, true) in (LEVELS | ORDER).items():
        digits = [one for one in ("106", "1056") if any(one in quote for quote in false)]
        tab.set_content(f"<!doctype html>{markup}")
        assert not any(tab.evaluate(TOUCHING, one) for one in digits if name not in BY_FONT), name
        shown = [one for one in ("106",) if any(one in quote for quote in true)]
        assert all(tab.evaluate(TOUCHING, one) for one in shown), name
    for name, (markup, false, _) in GENERATED.items():
        tab.set_content(f"<!doctype html>{markup}")
        nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
        drawn = "".join(
            node.get("name", {}).get("value", "")
            for node in nodes
            if node.get("role", {}).get("value") in ("StaticText", "ListMarker")
        )
        across = [one for one in (*JOINED, *SAID) if one in false]
        drawn = drawn.replace("\u00a0", " ")
        assert not any(quote in drawn for quote in across), (name, drawn)
    for declared, beside in product(DECLARATIONS, BESIDE):
        markup = f"<style>.a{{{declared}}}</style>{beside}"
        tab.set_content(f"<!doctype html>{markup}")
        touches = tab.evaluate(TOUCHING, "106")
        assert touches or not match_quote(JOINED[0], page(markup)).found, (declared, beside)
    for name, (markup, _, _) in SPACES.items():
        tab.set_content(f"<!doctype html>{markup}")
        lines = tab.evaluate("document.body.innerText").strip().split("\n")
        kept = name in ("normal", "nowrap", "initial", "inline-code")
        assert (len(lines) == 1) == kept, (name, lines)
    tab.close()
