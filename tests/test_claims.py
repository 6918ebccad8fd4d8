"""Sentences that need a source: the rule's precision and recall on hand-labelled sentences."""

from pathlib import Path

import pytest

from footnotary.rules.claim_signals import signal_of
from footnotary.rules.numbers import numbers_in, numbers_said
from footnotary.rules.sentences import plain, split

LABELLED = Path(__file__).parent / "data" / "claims.txt"


def labelled():
    """The sentences with their label: whether they need a source."""
    lines = LABELLED.read_text("utf-8").splitlines()
    return [(line[2:], line[0] == "+") for line in lines if line[:2] in ("+ ", "- ")]


def test_there_are_three_hundred_labelled_sentences():
    """Both labels are well represented, and no sentence stands there twice."""
    rows = labelled()
    assert len(rows) == 300
    assert len({sentence for sentence, _ in rows}) == 300
    assert sum(needs for _, needs in rows) > 100


def test_precision_and_recall():
    """Of what the rule finds nine in ten need a source, and it finds six in ten that do."""
    found = [(bool(signal_of(plain(s, code=False))), needs) for s, needs in labelled()]
    right = sum(signal and needs for signal, needs in found)
    assert right / sum(signal for signal, _ in found) >= 0.9
    assert right / sum(needs for _, needs in found) >= 0.6


@pytest.mark.parametrize(
    ("markdown", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("A pool, e.g. of 5. Then more.", ["A pool, e.g. of 5.", "Then more."]),
        ("A claim.^[1] Another^[2].", ["A claim.^[1]", "Another^[2]."]),
        ("Since 3.12 it is so. `a. B` stays.", ["Since 3.12 it is so.", "`a. B` stays."]),
    ],
)
def test_sentences_end_where_they_end(markdown, sentences):
    """Abbreviations, versions and code do not end a sentence; a marker belongs to its own."""
    assert [source for _, source in split(markdown)] == sentences


def test_equal_numbers_are_equal():
    """Thousands separators, trailing zeros and words make no difference; digits do."""
    assert numbers_in("1,000 rows, 2.0 s, v3.12.1, 40%") == ["1000", "2", "3.12.1", "40"]
    assert numbers_said("twenty-four, two and 3.12.1") >= {"2", "3.12", "3"}
    assert "4" not in numbers_said("40%")
