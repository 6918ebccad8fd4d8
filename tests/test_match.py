"""The rule of docs/matching.md, held case by case."""

import pytest

from footnotary.match import find_quote, match_quote, normalize, weighed
from footnotary.match.matching import Outcome
from footnotary.match.units import converted_sizes, is_same_amount
from footnotary.models import Page, UnreadableReason
from tables import each_row

PAGE = "https://docs.example/page"


def matched(quote, text):
    """Look for a quote in a page of one text."""
    return match_quote(quote, Page(url=PAGE, final_url=PAGE, text=text))


@each_row(
    ("quote", "text"),
    [
        ("retries are set to 1", "retries are set to 10"),
        ("retries are set to 1", "retries are set to 1.5"),
        ("a delay of 5 seconds", "a delay of -5 seconds"),
        ("5 seconds of delay are kept", "-5 seconds of delay are kept"),
        ("5 seconds of delay are kept", "1.5 seconds of delay are kept"),
        ("works if version >= 3 holds", "works if version <= 3 holds"),
        ("works if state == 3 holds", "works if state != 3 holds"),
        ("= 3 retries are enough", ">= 3 retries are enough"),
        ("no-cache is the default here", "--no-cache is the default here"),
        ("the flag cache is the default", "the flag --no-cache is the default"),
        ("this is recommended for servers", "this is not recommended for servers"),
        ("this is not recommended here", "this is recommended here"),
        ("the service covers 100", "the service covers 100% of it"),
        ("takes an area of 102 m", "takes an area of 10² m"),
        ("half of it is 11/2 cups", "half of it is 1½ cups"),
        ("then you simply can", "then you simply can't"),
        ("runs git checkout - file", "runs git checkout -- file"),
        ("see the value None_ now", "see the value None now"),
        ("at 10:3 the service starts", "at 10:30 the service starts"),
        ("supports version 3.1", "supports version 3.10"),
        ("supports version 3", "supports version 3.10"),
    ],
)
def test_flips_and_cuts_are_refused(quote, text):
    """A changed operator, sign, negation or number, or one cut short, is never found."""
    assert not matched(quote, text).found


@each_row(
    ("quote", "text", "outcome"),
    [
        ("the cat sat on the mat", "Once the cat sat\non the mat.", Outcome.EXACT),
        ('he said "no more" to it', "he said “no more” to it", Outcome.NORMALIZED),
        ("it does not 'see' a thing", "it does not ‘see’ a thing", Outcome.NORMALIZED),
        ("one - two - three - four", "one – two – three – four", Outcome.NORMALIZED),
        ("one--two and then three", "one—two and then three", Outcome.NORMALIZED),
        ("one—two and then three", "one--two and then three", Outcome.NORMALIZED),
        ("cafe\u0301 au lait du matin", "caf\u00e9 au lait du matin", Outcome.NORMALIZED),
        ("the office file is efficient", "the o\ufb03ce \ufb01le is efficient", Outcome.NORMALIZED),
        ("an un\u00adbreak\u00adable word here", "an unbreakable word here", Outcome.NORMALIZED),
        ("THE CAT SAT ON THE MAT", "The cat sat on the mat", Outcome.NORMALIZED),
        ("区别大小写的文件系统", "这是区别大小写的文件系统上的", Outcome.EXACT),
        ("wait… there is more", "wait... there is more", Outcome.NORMALIZED),
    ],
)
def test_the_same_words_are_found(quote, text, outcome):
    """What differs in typography, Unicode form or white space only is found."""
    assert matched(quote, text).outcome is outcome


@each_row(
    ("quote", "text", "reason"),
    [
        ("returns true when it works", "returns True when it works", "case"),
        ("returns `True` when it **works**", "returns True when it works", "markup"),
        ("[the docs](https://x.example) say this", "the docs say this", "markup"),
        ("the cat … on the mat", "the cat sat still on the mat", "ellipsis"),
        ("the cat [...] on the mat", "the cat sat still on the mat", "ellipsis"),
        ("a long rec-\nommendation of it", "a long recommendation of it", "hyphenation"),
        (
            "recommen-\ndation systems are self-\nexplanatory",
            "recommendation systems are self-explanatory",
            "hyphenation",
        ),
        ("the cat sat on the mat", "the cat[12] sat on the mat", "reference marks"),
        ("the catsat on the mat", "the cat\nsat on the mat", "spacing"),
        ("f = Fernet(key)\nf.encrypt(b'x')", "f = Fernet(key)\n>>> f.encrypt(b'x')", "prompts"),
        ("pip install a\npip install b", "pip install a\n$ pip install b", "prompts"),
    ],
)
def test_near_is_refused_with_the_pages_wording(quote, text, reason):
    """One named kind of difference is near: refused, with the page's own words."""
    found = matched(quote, text)
    assert (found.outcome, found.reason, found.exact) == (Outcome.NEAR, reason, text)
    assert not found.found


def test_short_quotes_prove_nothing_unless_they_are_a_whole_line():
    """Under twelve characters a quote has to be a whole line of the page."""
    assert matched("Contents", "Contents\nand then more").found
    short = matched("then more", "Contents\nand then more")
    assert (short.outcome, short.reason) == (Outcome.ABSENT, "too short")


def test_absent_shows_the_nearest_passage_and_what_differs():
    """A refusal names the differing words as a person would."""
    found = matched("keeps 24 of the old files", "It keeps 2 of the old files for good.")
    assert found.outcome is Outcome.ABSENT
    assert found.exact.startswith("keeps 2 of the old files")
    assert 'quote has "24", page has "2"' in found.differences
    assert 0.8 < found.score < 1


def test_the_nearest_passage_is_as_long_as_what_it_stands_for():
    """A word more on the page is the one difference that is shown, and no end is cut for it."""
    text = "Press TAB. The default timeout of the service is not 30 seconds. Then it gives up."
    found = matched("The default timeout of the service is 30 seconds.", text)
    assert found.differences == ('page has "not", quote lacks it',)
    fewer = matched("The default timeout of the service is not really 30 seconds.", text)
    assert fewer.differences == ('quote has "really", page lacks it',)


def test_the_pages_own_words_are_returned():
    """`exact` is a slice of the page's text, whatever the quote's typography."""
    text = "x " * 3_000 + "The “o\ufb03ce”\u00a0is e\ufb03cient — mostly. " + "y " * 3_000
    found = matched('The "office" is efficient - mostly.', text)
    assert found.exact == "The “o\ufb03ce”\u00a0is e\ufb03cient — mostly."
    assert text[found.start : found.end] == found.exact


@each_row("before", ["", "It has a cafe\u0301 too. ", "Even cafe. "])
@each_row("after", ["", " next door", ", they say"])
def test_an_accent_that_is_a_character_of_its_own_is_kept(before, after):
    """The page's words end with their last letter's marks, and are not found without them."""
    text = f"{before}Below it there is a cafe\u0301{after}"
    for quote in ("it there is a caf\u00e9", "it there is a cafe\u0301"):
        found = matched(quote, text)
        assert found.found
        assert found.exact == "it there is a cafe\u0301"
        assert text[found.start : found.end] == found.exact
    assert not matched("it there is a cafe", text).found
    assert not matched("it there is a caf", text).found


def test_a_letter_with_two_marks_is_kept_whole():
    """However they are ordered; a mark less is another letter."""
    text = "the Vietnamese word for it is Vie\u0302\u0323t"
    assert matched("the Vietnamese word for it is Vi\u1ec7t", text).exact == text
    assert not matched("the Vietnamese word for it is Vi\u00eat", text).found
    assert not matched("word for it is Vie\u0323\u0302", text).found


@each_row(
    ("quote", "text"),
    [
        ("the variable there is x", "the variable there is x\u0301 here"),
        ("the variable there is x", "the variable there is x\u0301"),
        (
            "\u092f\u0939 \u090f\u0915 \u0935\u093e\u0915\u094d\u092f \u0939",
            "\u092f\u0939 \u090f\u0915 \u0935\u093e\u0915\u094d\u092f \u0939\u0948",
        ),
        (
            "\u0e19\u0e35\u0e48\u0e04\u0e37\u0e2d\u0e1b\u0e23\u0e30\u0e42\u0e22\u0e04\u0e17",
            "\u0e19\u0e35\u0e48\u0e04\u0e37\u0e2d\u0e1b\u0e23\u0e30\u0e42\u0e22\u0e04\u0e17\u0e35\u0e48\u0e22\u0e32\u0e27",
        ),
    ],
)
def test_no_letter_is_parted_from_its_mark(quote, text):
    """An accent without a composed form, a vowel sign: without it the letter is another one."""
    assert not matched(quote, text).found
    assert matched(text, text).found


def test_repeated_passages_get_prefix_and_suffix_that_tell_them_apart():
    """Prefix and suffix grow until the passage is unique."""
    text = "\n".join(f"Row {number}: the cat sat on the mat." for number in range(20))
    found = matched("the cat sat on the mat", text)
    assert found.occurrences == 20
    assert text.count(found.prefix + found.exact + found.suffix) == 1


def test_normalising_twice_changes_nothing():
    """The normal form is its own normal form."""
    text = "“A\u00ad—b”\u200b ﬁ ½ 10² …\u3000Ａ"
    assert normalize(normalize(text)) == normalize(text)
    assert find_quote(text, text) is not None


def page_of(text, **fields):
    """Return a page with a text."""
    url = "https://docs.example/page"
    return Page(url=url, final_url=url, text=text, **fields)


def test_what_goes_on_behind_a_number_is_of_it():
    """A rate, a share and an open end belong to their number, another sign does not."""
    for rest in (
        "/s here",
        "+ items",
        "% of it",
        "\u2030 of it",
        "\u00b0 outside",
        "\u20ac a day",
        ":30",
    ):
        assert find_quote("it needs at least 10", f"it needs at least 10{rest}") is None, rest
    for rest in (";or more", ", and more", ")x"):
        assert find_quote("it needs at least 10", f"it needs at least 10{rest}") is not None, rest


def test_a_passage_is_cut_between_words():
    """The passage around a hit begins and ends with whole words of the page."""
    words = " ".join(f"word{number}" for number in range(400))
    found = match_quote("word200 word201 word202", page_of(words))
    assert found.reason == ""
    assert len(found.passage) < 640
    inner = f" {words} "
    assert f" {found.passage} " in inner


def test_the_nearest_passage_is_whole_words():
    """What is shown for a quote that a page lacks begins and ends between words."""
    text = " ".join(f"alpha{number} beta gamma delta" for number in range(40))
    found = match_quote("gamma delta alpha17 beta gamma dolta alpha18", page_of(text))
    assert found.outcome is Outcome.ABSENT
    assert f" {found.exact} " in f" {text} "
    assert found.exact.startswith("gamma delta alpha17")


def test_a_page_of_hardly_any_text_is_judged_like_any_other():
    """What it has it has, but not cut from what turns it round, unless a record is re-read."""
    page = page_of("It is not safe to share.", unreadable=UnreadableReason.TOO_SHORT)
    assert weighed("It is not safe to share", page).found
    assert weighed("safe to share", page) is None
    assert weighed("safe to share", page, recorded=True).found
    assert weighed("safe to keep here", page) is None


def test_units_are_of_one_kind_and_size():
    """Sizes are by thousand or by 1,024; a bit is an eighth of a byte."""
    assert is_same_amount("1", "mib", "1048576", "b")
    assert is_same_amount("1", "gib", "1024", "mib")
    assert is_same_amount("2", "gb", "2000000000", "b")
    assert is_same_amount("8", "bit", "1", "b")
    assert not is_same_amount("1", "mb", "1", "mib")
    assert converted_sizes("2048", "kib", "mb")[0] == pytest.approx(2.097152)
    assert converted_sizes("2048", "mib", "mb") == []
    assert converted_sizes("many", "kib", "mb") == []
