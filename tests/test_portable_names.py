"""Names that the tool gives to files can be held by every file system, Windows' too."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footnotary.documents.registry import KINDS
from footnotary.project import NAME_PATTERN
from footnotary.publishing.place import source_name
from footnotary.records import make_key
from footnotary.writing.documents_on_disk import make_stem

pytestmark = pytest.mark.slow

# Source: Microsoft, "Naming Files, Paths, and Namespaces".
RESERVED = {"con", "prn", "aux", "nul"} | {f"{n}{i}" for n in ("com", "lpt") for i in range(10)}
REFUSED = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


def holds(name):
    """Return whether Windows can hold a file name, and no other file system folds it."""
    return (
        not REFUSED & set(name)
        and name.partition(".")[0] not in RESERVED
        and not name.endswith((".", " "))
        and name == name.lower()
        and name.isascii()
        and len(name) <= 120
    )


@given(st.text(), st.text(), st.text(), st.text())
@example("https://con/", "q", "CON", "")
@example("file:///c:/aux.txt", "q", "aux.", "NUL")
@example("https://x.example.org/" + "a" * 300, "q", "x" * 300, "İ" * 80)
def test_records_and_pages_of_sources_have_names_for_every_system(url, quote, site, title):
    """Whatever a page calls itself: lower-case ASCII, no reserved name, short."""
    assert holds(f"{make_key(url, quote, site, title)}.yaml")
    assert holds(f"{source_name(url)}.md")


@given(st.from_regex(NAME_PATTERN, fullmatch=True))
@example("con")
@example("nul")
def test_documents_have_names_for_every_system(name):
    """A project may be called `con`: the kind comes first and the day last."""
    for kind in KINDS:
        assert holds(f"{make_stem(kind, name, date(2026, 11, 23))}.facts.json".lower())
