"""Whatever is done in whatever order, nobody's words are lost."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footnotary import writing
from footnotary.documents.kinds import Prose, Region
from footnotary.documents.regions import refreshed, regions_of, write_regions
from footnotary.errors import DocumentError
from footnotary.facts.options import ReadOptions
from footnotary.markers import closing_of, markers_of, synced
from footnotary.markers.structure import lines_of
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import read_document
from test_markers import citation

pytestmark = pytest.mark.slow

# FOOTNOTARY_EXAMPLES=5000 looks harder
EXAMPLES = int(os.environ.get("FOOTNOTARY_EXAMPLES", "100"))
KEYS = ("a-111111", "b-222222", "c-333333")
CITATIONS = {key: citation(key) for key in KEYS}
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
    | st.sampled_from("*_`[]()#|>-$^ "),
    max_size=40,
)
LINES = st.one_of(
    WORDS,
    st.sampled_from(
        [
            "",
            "## Heading",
            "- item^[a-111111]",
            "| a | b |",
            "| --- | --- |",
            "| 1^[b-222222] | 2 |",
            "> quoted^[c-333333]",
            "```python",
            "```",
            "    indented ^[a-111111]",
            "text^[b-222222][c-333333] and^[a-111111, b-222222] more",
            "[1]: https://example.org",
            "x^2^ and ~~gone~~ [^1]",
            "[^0] and [^0-000000] and [^a-111111]",
            "<details>",
            "</details>",
            "!!! note",
            "$$",
        ]
    ),
)
NAMES = ("one", "two", "three", "four")


def stripped_of_labels(markdown):
    """A document without the labels of its markers and without its closing blocks."""
    closing = closing_of(markdown)
    parts, at = [], 0
    for marker in markers_of(markdown):
        if not closing.covers(marker.line):
            parts.append(markdown[at : marker.offset])
            at = marker.end
    whole = "".join([*parts, markdown[at:]])
    return whole.partition("**Sources and Citations:**")[0].rstrip("\r\n-")


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["", "\t", "> ", "- "]),
)
def test_sync_changes_labels_alone(lines, end, final, mark, lead):
    """Prose comes through byte for byte, twice is once, and every known key gets a number."""
    text = mark + end.join(lead + line for line in lines) + (end if final else "")
    try:
        once = synced(text, CITATIONS, date(2026, 11, 23), {})
    except DocumentError:
        return
    assert stripped_of_labels(once) == stripped_of_labels(text)
    assert synced(once, CITATIONS, date(2027, 1, 1), {}) == once


PARTS = st.lists(
    st.tuples(st.sampled_from(NAMES), WORDS), max_size=4, unique_by=lambda pair: pair[0]
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    PARTS,
    st.lists(st.one_of(PARTS, st.tuples(st.just("edit"), st.integers(0, 9), WORDS)), max_size=8),
)
def test_refreshing_never_loses_a_character_of_prose(first, steps):
    """Random skeletons and edits: all the author's lines stay, in order."""

    def parts(pairs):
        found = [Prose("# Title\n\n_Why?_")]
        for name, words in pairs:
            found += [
                Region(name, f"Table of {name}: {words.replace('`', '')}"),
                Prose(f"## On {name}"),
            ]
        return tuple(found)

    document = write_regions(parts(first))
    said = []
    for number, step in enumerate(steps):
        if isinstance(step, tuple):
            _, place, words = step
            line = f"Author {number}: {words}".replace("`", "").replace("<", "")
            rows = document.split("\n")
            inside = False
            free = []
            for at, row in enumerate(rows):
                inside = (inside or "footnotary:begin" in row) and "footnotary:end" not in row
                if not inside and not row:
                    free.append(at)
            at = free[place % len(free)]
            rows[at:at] = ["", line, ""]
            document = "\n".join(rows)
            said.append(line)
        else:
            document = refreshed(document, parts(step))
    for line in said:
        assert line in document
    assert refreshed(document, parts(first)) == refreshed(
        refreshed(document, parts(first)), parts(first)
    )


@settings(max_examples=EXAMPLES // 10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(["edit", "new", "later", "sync", "refresh", "cite", "code"]), max_size=7
    )
)
def test_commands_in_any_order_over_any_dates_lose_nothing(tmp_path_factory, steps):
    """What the author wrote is in the newest document, whatever was run in between."""
    root = tmp_path_factory.mktemp("project")
    compose = root / "docker-compose.yml"
    compose.write_text("services:\n  db:\n    image: postgres:16\n")
    RecordStore(root / "citations").new(citation("a-111111"))
    project = Project(root)
    day = date(2026, 1, 1)
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTARY_NOW", day.isoformat())
        path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
        for number, step in enumerate(steps):
            (stored,) = writing.stored_documents(project)
            if step == "edit":
                said.append(f"Sentence number {number} of the author.")
                path.write_text(
                    read_document(path).replace("\n---\n\n**S", f"\n{said[-1]}\n\n---\n\n**S")
                )
            elif step == "code":
                compose.write_text(f"services:\n  db:\n    image: postgres:{number}\n")
            elif step == "later":
                day += timedelta(days=1)
                patch.setenv("FOOTNOTARY_NOW", day.isoformat())
            elif step == "new":
                path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
            elif step == "refresh":
                writing.refresh_document(project, stored, ReadOptions())
            elif step == "cite":
                said.append(f"Claim number {number} of the author.")
                writing.cite_into(project, path, "a-111111", said[-1])
            else:
                writing.sync_documents(project, [path])
    text = read_document(path)
    for sentence in said:
        assert text.count(sentence) == 1


MARKER_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "half", "nest", "swap", "indent", "rename", "prose"]),
        st.integers(0, 40),
    ),
    max_size=5,
)


def edited_by_hand(document, edits):
    """A document whose region markers somebody has cut, doubled, nested, moved or renamed."""
    rows = document.split("\n")
    for edit, place in edits:
        marked = [at for at, row in enumerate(rows) if "<!-- footnotary:" in row]
        if not marked:
            break
        at = marked[place % len(marked)]
        match edit:
            case "drop":
                del rows[at]
            case "double":
                rows.insert(at, rows[at])
            case "half":
                rows[at] = rows[at][: 5 + place % max(1, len(rows[at]) - 5)]
            case "nest":
                rows[at:at] = ["<!-- footnotary:begin inner -->", "x"]
            case "swap":
                other = marked[(place + 1) % len(marked)]
                rows[at], rows[other] = rows[other], rows[at]
            case "indent":
                rows[at] = "\t" + rows[at]
            case "rename":
                rows[at] = rows[at].replace("one", "elsewhere")
            case _:
                rows[at:at] = ["", f"Words of the author {place}.\t ", ""]
    return "\n".join(rows)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    PARTS,
    MARKER_EDITS,
    PARTS,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_markers_in_any_state_are_refused_or_the_prose_stays(first, edits, then, end, mark):
    """Half, nested, doubled, swapped markers with any line end: an error, or no word is lost."""

    def parts(pairs):
        regions = [Region(name, f"Table of {name}: {words}") for name, words in pairs]
        return (Prose("# Title\n\nThe author's own first\twords."), *regions)

    hand = edited_by_hand(write_regions(parts(first)), edits)
    document = mark + hand.replace("\n", end)
    outside = prose_of(document)
    try:
        after = refreshed(document, parts(then))
    except DocumentError:
        return
    kept = [line for line in prose_of(after) if line.strip()]
    wanted = [line for line in outside if line.strip()]
    assert [line for line in kept if line in wanted] == wanted
    assert after.startswith(mark)
    if end not in after and "\n" in hand:
        raise AssertionError("the line end of the document was lost")


def prose_of(document):
    """The lines outside of what reads as a region."""
    try:
        owned = {n for r in regions_of(document) for n in range(r.first, r.last + 1)}
    except DocumentError:
        return []
    return [line.text for n, line in enumerate(lines_of(document), 1) if n not in owned]


SCRIPT = """
import os, sys
from datetime import date, timedelta
from pathlib import Path
from footnotary import writing
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
project = Project(Path(sys.argv[1]))

def write(number):
    day = date(2026, 1, 1) + timedelta(days=number)
    os.environ["FOOTNOTARY_NOW"] = day.isoformat()
    writing.write_document(project, "deploy", "shop", ReadOptions(), force=True)
    (stored,) = writing.stored_documents(project)
    writing.cite_into(project, stored.path, "a-111111", f"Claim {number % 3}.")
    writing.refresh_document(project, stored, ReadOptions(), force=True)

write(0)  # what is imported when it is needed is not imported in each fork
for _ in sys.stdin:
    writer = os.fork()
    for number in range(1, 1_000_000) if writer == 0 else ():
        write(number)
    print(writer, flush=True)
    os.waitpid(writer, 0)
    print("gone", flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing(tmp_path, monkeypatch):
    """200 kills: after each, the next run finds one whole current document with the prose."""
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    RecordStore(tmp_path / "citations").new(citation("a-111111"))
    project = Project(tmp_path)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-01-01")
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    path.write_text(
        read_document(path).replace("\n---\n\n**S", "\nThe author's words.\n\n---\n\n**S")
    )
    chance = random.Random(20261123)
    forking = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    for _ in range(200):
        forking.stdin.write("one more\n")
        forking.stdin.flush()
        writer = int(forking.stdout.readline())
        time.sleep(chance.uniform(0, 0.12))
        with contextlib.suppress(ProcessLookupError):  # it was done, and is waited for
            os.kill(writer, signal.SIGKILL)
        assert forking.stdout.readline() == "gone\n"
        for each in (tmp_path / ".claude").rglob("*.md"):
            text = read_document(each)
            assert "The author's words." in text
            assert text.rstrip().endswith(("no sources", "days"))
        writing.sync_documents(project, [])  # finishes what was begun
        (stored,) = writing.stored_documents(project)
        assert "The author's words." in read_document(stored.path)
        assert stored.facts_path.exists()
        left = [p for p in (tmp_path / ".claude").rglob("*") if p.name.endswith(".tmp")]
        assert not left
    forking.communicate()
