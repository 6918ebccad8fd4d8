"""The front matter is its author's but for our values: every other character stays."""

from dataclasses import replace
from datetime import date

import pytest

from footnotary.documents.front_matter import FrontMatter, read_front_matter, with_front_matter
from footnotary.errors import DocumentError
from tables import each_row

MATTER = FrontMatter(
    kind="api", project="shop", date=date(2026, 11, 23), generator="footnotary 1", branch="main",
    commit="abc", options={"app": "shop:app", "imports": ("a", "b")}, read={"how": "imported"},
    read_from=("a.py", "b.py"), versions={"fastapi": "1.0", "zlib": "2"}, regions=("one", "two"),
)  # fmt: skip
NEWER = replace(
    MATTER, date=date(2026, 12, 1), commit="abd", supersedes="API-shop-2026-11-23",
    read_from=("b.py", "c.py"), versions={"fastapi": "1.1", "new": "3"},
)  # fmt: skip
GIT = "git:\n  branch: main\n  commit: abc\n"
FRESH = with_front_matter("# Title\n", MATTER)


def renewed(text, matter=NEWER):
    """Our fields set; whatever they were, they read back, and twice is once."""
    after = with_front_matter(text, matter, gone=("zlib",))
    found = read_front_matter(after)
    assert (found.date, found.commit, found.read_from) == (
        matter.date, matter.commit, matter.read_from,
    )  # fmt: skip
    assert matter.versions.items() <= found.versions.items()
    assert "zlib" not in found.versions
    assert found.supersedes == matter.supersedes
    assert with_front_matter(after, matter, gone=("zlib",)) == after
    return after


def test_what_does_not_change_stays_byte_for_byte():
    """Set to what they are, fields are left in their order, form and line ends."""
    for end in ("\n", "\r\n"):
        text = FRESH.replace("\n", end)
        assert with_front_matter(text, MATTER) == text
        assert renewed(text).count("\n") == renewed(text).count(end)


@each_row(
    ("old", "new", "kept"),
    [
        ("kind: api\n", "# mine\nkind: api  # of the shop\n", ["# mine\nkind: api  # of"]),
        ("date: 2026-11-23", "date: 2026-11-23 # day", ["date: 2026-12-01 # day\n"]),
        ("date: 2026-11-23", "date: &day '2026-11-23'", ["date: &day 2026-12-01\n"]),
        ("date: 2026-11-23", "day: &d 2026-11-23\ndate: *d", ["day: &d 2026-11-23\n"]),
        ("date: 2026-11-23", "date: |\n  2026-11-23\nmine: 1", ["date: 2026-12-01\nmine: 1\n"]),
        ("date: 2026-11-23", "date:   # which?", ["date: 2026-12-01   # which?\n"]),
        ("date: 2026-11-23", '"date": 2026-11-23', ['"date": 2026-12-01\n']),
        ("date: 2026-11-23", "? date\n: 2026-11-23", ["? date\n: 2026-12-01\n"]),
        ("date: 2026-11-23", "date: !!str 2026-11-23", ["date: !!str 2026-12-01\n"]),
        ("  commit: abc\n", "  commit: abc # last\n  remote: mine\n",
         ["  commit: abd # last\n  remote: mine\n"]),
        (GIT, "git: {branch: main, commit: abc, mine: [1, 2]} # x\n",
         ["git: {branch: main, commit: abd, mine: [1, 2]} # x\n"]),
        (GIT, "git:\n  mine: 1\n  branch: main\n",
         ["git:\n  mine: 1\n  branch: main\n  commit: abd\n"]),
        ('  fastapi: "1.0"\n', '  # pinned\n  fastapi: "1.0"  # see 12\n  psql: 16\n',
         ['  # pinned\n  fastapi: "1.1"  # see 12\n', "  psql: 16\n"]),
        ('  zlib: "2"\n', '  zlib: "2"  # why\n', ["# why\n"]),
        ("  - a.py\n  - b.py\n", "  # first\n  - a.py # one\n  # second\n  - b.py # two\n",
         ["  # first\n", "  # second\n  - b.py # two\n  - c.py\n"]),
        ("read_from:\n  - a.py\n  - b.py\n", "read_from:\n- a.py\n- 'b.py'\n",
         ["read_from:\n- 'b.py'\n- c.py\n"]),
        ("read_from:\n  - a.py\n  - b.py\n", "read_from: [a.py, b.py] # flow\n",
         ['read_from: ["b.py", "c.py"] # flow\n']),
        ("options:\n", "options:\n  note: of mine\n", ["options:\n  note: of mine\n  app: "]),
        ("regions:\n", "tags: [a, b]\nhide:\n  - toc # here\n\nregions:\n",
         ["tags: [a, b]\nhide:\n  - toc # here\n\nregions:\n"]),
        ("kind: api\n", "description: >-\n  kind: of\n\n  words # no comment\nkind: api\n",
         ["description: >-\n  kind: of\n\n  words # no comment\nkind: api\n"]),
        ("kind: api\n", "base: &b {x: 1}\nmine:\n  <<: *b\nkind: api\n",
         ["base: &b {x: 1}\nmine:\n  <<: *b\nkind: api\n"]),
        ("kind: api\n", "'quoted: key': \"a: b\"\nkind: api\n", ["'quoted: key': \"a: b\"\n"]),
        ("\n---\n\n#", "\n...\n\n#", ["\n...\n\n# Title\n"]),
        ("\n---\n\n#", "\n--- \n\n#", ["\n--- \n\n# Title\n"]),
        ("---\nkind", "\ufeff---  \nkind", ["\ufeff---  \nkind"]),
        (GIT, "", ["git:\n  branch: main\n  commit: abd\n"]),
        (GIT, "git:\n", ["git: {branch: main, commit: abd}\n"]),
    ],
)  # fmt: skip
def test_comments_anchors_order_and_fields_of_the_author_stay(old, new, kept):
    """Whatever form YAML has for it; our values are set where they are."""
    assert old in FRESH
    after = renewed(FRESH.replace(old, new, 1))
    for words in kept:
        assert words in after, after


def test_a_mapping_in_flow_style_is_added_to_as_well():
    """On one line, or on several."""
    flow = "{kind: api, project: shop, 'mine': [1, {a: b}], # words\n date: 2026-11-23}"
    text = f"---\n{flow}\n---\n# Title\n"
    after = renewed(text)
    assert "'mine': [1, {a: b}], # words\n date: 2026-12-01" in after
    assert after.endswith("}\n---\n# Title\n")


def test_fields_that_are_gone_go_and_their_comments_stay():
    """With the lines that are theirs alone."""
    text = FRESH.replace(
        "status: current\n", "status: current\nsupersedes: X # the first\nmine: 1\n"
    )
    after = with_front_matter(text, replace(MATTER, options={}, commit=""))
    assert "status: current\n# the first\nmine: 1\n" in after
    assert "options" not in after
    assert "git:\n  branch: main\nread:" in after


def test_fields_of_the_author_below_ours_stay_where_nothing_of_ours_is_left():
    """A library that is named by hand, where the facts have no versions any more."""
    text = FRESH.replace('  zlib: "2"\n', '  zlib: "2"\n  psql: 16\n').replace(
        GIT, f"{GIT}  mine: 1\n"
    )
    bare = replace(MATTER, versions={}, branch="", commit="")
    after = with_front_matter(text, bare, gone=("fastapi", "zlib"))
    assert "versions:\n  psql: 16\n" in after
    assert "git:\n  mine: 1\n" in after
    assert "versions" not in with_front_matter(FRESH, bare, gone=("fastapi", "zlib"))


def test_front_matter_of_comments_alone_is_added_to():
    """And an empty one."""
    for inner in ("", "# mine\n", "\n"):
        after = renewed(f"---\n{inner}---\n\n# Title\n")
        assert after.endswith(f"{inner}---\n\n# Title\n")


def test_a_field_that_is_there_twice_is_refused():
    """Also where one is in quotation marks: readers of YAML drop one of them."""
    for double in ("kind: api\nkind: api", "kind: api\n'kind': api"):
        with pytest.raises(DocumentError, match=r"line 3: .*'kind' twice; the first is on line 2"):
            read_front_matter(f"---\n{double}\n---\n")


def test_what_is_nested_deeply_is_refused_when_it_is_set():
    """As when it is read: nothing is composed of it."""
    deep = f"---\na: {'[' * 300}{']' * 300}\n---\n# Title\n"
    with pytest.raises(DocumentError, match="larger than any can be"):
        with_front_matter(deep, NEWER)
