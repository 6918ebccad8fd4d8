"""What holds for every text and every quote."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnotary.match import find_quote, normalize
from footnotary.match.boundaries import whole
from footnotary.match.normalization import NormalText

ALPHABET = string.ascii_letters + string.digits + "äß½²“”–…é\u0301\u00ad_-.,"
WORDS = st.lists(st.text(alphabet=ALPHABET, min_size=1, max_size=9), min_size=6, max_size=40)


@pytest.mark.slow
@given(WORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_stretch_between_token_boundaries_is_found(words, data):
    """Any run of a page's own words is found where it begins and ends between tokens."""
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 4))
    quote = " ".join(words[first:])
    needle, page = normalize(quote), normalize(text)
    if len(needle) < 12 or not page.endswith(needle):
        return
    start = len(page) - len(needle)
    if whole(page, start, len(page)):
        assert find_quote(quote, text) is not None


@pytest.mark.slow
@given(WORDS, st.data())
@settings(max_examples=200, deadline=None)
def test_an_inserted_negation_is_never_found(words, data):
    """One word more than the page has is refused."""
    text = " ".join(words)
    at = data.draw(st.integers(1, len(words) - 1))
    quote = " ".join([*words[:at], "not", *words[at:]])
    if "not" not in normalize(text):
        assert find_quote(quote, text) is None


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_another_number_is_never_found(said, asked):
    """A quote with a number that the page has not is refused, however the digits overlap."""
    text = f"the limit is set to {said} requests by default and cannot be raised"
    for quote in (f"the limit is set to {asked}", f"{asked} requests by default and"):
        assert (find_quote(quote, text) is not None) == (said == asked)


@pytest.mark.slow
@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_the_normal_form_is_stable(text):
    """Normalising what is normal changes nothing."""
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.slow
@given(st.text(min_size=12, max_size=120), st.data())
@settings(max_examples=300, deadline=None)
def test_a_hit_is_a_place_that_says_the_quote(text, data):
    """Where a quote is found, the page's own words have its normal form, whatever the text."""
    start = data.draw(st.integers(0, len(text) - 12))
    quote = text[start : data.draw(st.integers(start + 12, len(text)))]
    hit = find_quote(quote, text)
    if hit is not None:
        assert 0 <= hit.start < hit.end <= len(text)
        assert normalize(text[hit.start : hit.end]) == normalize(quote)
    assert find_quote(text, text) is not None or len(normalize(text)) < 12


@pytest.mark.slow
@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_unrelated_texts_are_never_found_in_each_other(quote, text):
    """A text that does not hold a quote's normal form does not say it."""
    if normalize(quote) not in normalize(text):
        assert find_quote(quote, text) is None


@pytest.mark.slow
@settings(max_examples=300)
@given(
    st.text(
        st.sampled_from(
            "aBé e\u0301カ\u3099中한\u1100\u1161ﾞ1½²₂ %§-\u200b\u00a0\n'<\u0338.•…→❤\ufe0f👩\u200d💻🇩🇪﷼"
        ),
        max_size=60,
    ),
    st.data(),
)
def test_a_place_is_the_same_however_a_text_is_cut_into_stretches(text, data):
    """Where a text has no spaces it is cut inside words, at letters that stand alone."""
    whole, cut = NormalText(text), _CutOften(text)
    if not whole.text:
        return
    start = data.draw(st.integers(0, len(whole.text) - 1))
    end = data.draw(st.integers(start + 1, len(whole.text)))
    if " " in (whole.text[start], whole.text[end - 1]):
        return  # no quote begins or ends with one
    assert cut.raw_span(start, end) == whole.raw_span(start, end)


class _CutOften(NormalText):
    """A text that is laid out in very short stretches."""

    _CHUNK = 2
    _MOST_CHUNK = 4
