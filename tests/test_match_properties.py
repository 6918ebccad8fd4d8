"""Properties of matching that hold for any text."""

from hypothesis import given
from hypothesis import strategies as st

from footnotary.match import find, normalize

WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "the",
                "pool",
                "keeps",
                "10",
                "3.11",
                "40 %",
                "connections",
                "`open`",
                "naïve",
                "--no",
            ),
            *(
                "“quoted”",
                "a≥b",
                "x != y",
                "(see",
                "docs)",
                "10²",
                "é",
                "e\u0301",
                "ﬁle",
                "漢字",
                "न",
            ),
            *("—", "-5", "don’t", "\u00ad", "read-only", "1,000", "🙂", "\u200d", "TRUE", "true"),
        ]
    ),
    min_size=8,
    max_size=40,
)


@given(words=WORDS, start=st.integers(0, 6), size=st.integers(6, 30), data=st.data())
def test_whole_words_of_a_text_are_found(words, start, size, data):
    """Words between spaces are found again, literally and under any white space."""
    text = " ".join(words)
    part = words[start : start + size]
    space = data.draw(st.sampled_from([" ", "\n", "\u00a0", "  \t"]))
    quote = space.join(part)
    if len(normalize(quote)) < 12 or normalize(quote)[0] == "0":
        return
    assert find(quote, text) is not None


@given(words=WORDS, place=st.integers(1, 5), change=st.sampled_from(["not", "never", "no"]))
def test_an_inserted_negation_is_never_found(words, place, change):
    """No text holds a quote with a word more than it has."""
    text = " ".join(words)
    quote = " ".join((*words[:place], change, *words[place:]))
    assert find(quote, text) is None


@given(
    number=st.integers(10, 10**9), shown=st.integers(10, 10**9), unit=st.sampled_from(["", " %"])
)
def test_another_number_is_never_found(number, shown, unit):
    """A quote holds only with its own number, however the other begins or ends."""
    found = find(f"the limit is {number}{unit}", f"Here the limit is {shown}{unit}, as ever.")
    assert (found is not None) is (number == shown)


@given(text=st.text(max_size=300), quote=st.text(max_size=60))
def test_what_is_found_is_what_was_asked_for(text, quote):
    """The passage has the quote's normal form, whatever the text; nothing raises."""
    found = find(quote, text)
    if found is not None and not normalize(quote).isupper() and "--" not in quote + text:
        assert normalize(text[found.start : found.end]) == normalize(quote)


@given(st.text())
def test_normal_form_is_its_own_normal_form(text):
    """Normalising twice changes nothing."""
    assert normalize(normalize(text)) == normalize(text)
