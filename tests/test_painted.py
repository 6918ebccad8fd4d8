"""What of a page is painted: beside Chromium, way by way."""

import base64
from datetime import UTC, datetime

import pytest
from painted_forms import HIDDEN, SHOWN
from site_browser import CHROMIUM, FLAGS

from footnotary.extract import extract
from footnotary.models import Response

WORDS = "Seventeen connections wait"
OTHER = " ".join(word[::-1] for word in WORDS.split())  # as wide
_BESIDE = "<p>The pool keeps its limit as long as the process lives, and logs each change.</p>"


def page_of(form, **fields):
    """Return the page of a form with the words in it."""
    body = f"<!doctype html>{form.format(WORDS)}{fields.pop('beside', _BESIDE)}"
    return extract(
        Response(
            url="https://docs.example/p",
            final_url="https://docs.example/p",
            headers={"content-type": "text/html; charset=utf-8"},
            body=body.encode(),
            retrieved_at=datetime(2026, 11, 30, tzinfo=UTC),
            **fields,
        )
    )


def test_hidden_words_are_unseen_and_shown_ones_are_text():
    """What Chromium hides is no text of the page, what it shows is (the table is Chromium's)."""
    assert len(HIDDEN) > 150
    assert len(SHOWN) > 85
    passed = [name for name, form in HIDDEN.items() if WORDS in page_of(form).text]
    refused = [name for name, form in SHOWN.items() if WORDS not in page_of(form).text]
    assert (passed, refused) == ([], [])


COMPARED = """async ([one, other]) => {
    const pixels = async (data) => {
        const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
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
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode())
                texts.currentNode.data = texts.currentNode.data.replace(words, other);
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
def test_chromium_paints_what_the_table_says():
    """A way hides if other words in their place change no pixel of what Chromium paints."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        judge = browser.new_page()
        painted = [name for name, form in HIDDEN.items() if changes_a_pixel(page, judge, form)]
        unpainted = [name for name, form in SHOWN.items() if not changes_a_pixel(page, judge, form)]
        browser.close()
    assert (painted, unpainted) == ([], [])
