"""The questions with which documents begin: visible, and known until they are answered."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from footnotary import writing
from footnotary.documents.deploy import DEPLOY
from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import (
    Context,
    Prose,
    lines_asked,
    questions,
    reworded,
    without_questions,
)
from footnotary.documents.registry import KINDS
from footnotary.facts.deploy import DeployFacts
from footnotary.facts.impl import ImplFacts, ProjectIdentity
from footnotary.facts.options import ReadOptions
from footnotary.gating import collecting
from footnotary.project import Project
from footnotary.writing.documents_on_disk import last_document
from tables import each_row

CONTEXT = Context("shop", date(2026, 11, 23), "STEM")
FACTS = {
    "deploy": DeployFacts(),
    "impl": ImplFacts(identity=ProjectIdentity(name="shop")),
}


@each_row("name", ["api", "schema", "deploy", "impl"])
def test_questions_are_text_that_a_reader_sees(name):
    """No kind hides its questions in a comment: who opens the file sees what is asked."""
    text = (Path(__file__).parent / "golden" / f"{name}.md").read_text()
    assert "?_" in text
    assert "<!--" not in text


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_site_shows_no_question_that_nobody_has_answered(kind):
    """Neither questions nor `cite URL`, of any version; a heading with nothing else goes too."""
    asked = [part.markdown for part in kind.prose]
    headings = [one.split("\n")[0] for one in asked]
    former = [
        f"{heading}\n\n{part.former[0]}" if part.former else part.markdown
        for heading, part in zip(headings, kind.prose, strict=True)
    ]
    for each in (asked, former):
        rest = "# Next\n\nWords.\n\n"
        text = "".join(f"{words}\n\n{rest}" for words in each)
        assert without_questions(text, kind.prose) == rest * len(each)
    for heading, part in zip(headings, kind.prose, strict=True):
        answered = f"# Title\n\n{heading}\n\nSo it is.^[1]\n\n## Next\n"
        assert without_questions(answered, kind.prose) == answered
        both = f"{part.markdown}\n\nSo it is.^[1]\n"
        assert without_questions(both, kind.prose) == f"{heading}\n\nSo it is.^[1]\n"


def test_what_somebody_wrote_is_shown():
    """Words beside a question or a part of it, what is below its heading, lines of code."""
    question = IMPL.prose[0].markdown.partition("\n\n")[2]
    first, last = question.split("\n")
    for text in (
        f"## A\n\nWe asked what was tried\n{last}\n",
        f"## A\n\n> {first}\n> {last}\n",
        f"## A\n\nSee: {question}\n",
        f"## A\n\nMine.\n{question}\n",
        f"```\na\n\n\n\nb\n```\n\n{last} No.\n",
    ):
        assert without_questions(text, IMPL.prose) == text
    region = "<!-- footnotary:begin a -->\n"
    for below, shown in (
        (f"{region}A table.\n", f"## A\n\n{region}A table.\n"),
        ("### B\n\nWords.\n", "## A\n\n### B\n\nWords.\n"),
        (f"{region}## B\n", f"{region}## B\n"),
        ("# B\n", "# B\n"),
        ("---\n", "---\n"),
    ):
        assert without_questions(f"## A\n\n{question}\n\n{below}", IMPL.prose) == shown
    glued = f"## A\n\n{question}\n{region}## B\n"
    assert without_questions(glued, IMPL.prose) == f"{region}## B\n"


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_question_is_one_however_its_lines_are_wrapped(kind):
    """A formatter answers nothing: wider, narrower, or one line for all."""
    for part in kind.prose:
        heading, _, question = part.markdown.partition("\n\n")
        for width in (30, 72, 10_000):
            wrapped = "\n\n".join(textwrap.fill(one, width) for one in question.split("\n\n"))
            text = f"# A\n\nMine.\n\n{heading}\n\n{wrapped}\n"
            assert without_questions(text, kind.prose).strip() == "# A\n\nMine."
            lines = text.split("\n")
            asked = [lines[at] for at in sorted(lines_asked(lines, questions(kind.prose)))]
            assert asked == [line for line in wrapped.split("\n") if line]


@pytest.mark.parametrize("kind", [DEPLOY, IMPL], ids=["deploy", "impl"])
def test_questions_of_earlier_versions_are_known_and_reworded(kind):
    """An untouched old question is still one; a refresh puts it into today's words."""
    parts = kind.render(FACTS[kind.name], CONTEXT)
    for part in parts:
        for former in part.former if isinstance(part, Prose) else ():
            assert set(former.splitlines()) <= questions(parts)
            old = f"## Mine\n\nBefore.\n\n{former}\n\nAfter.\n"
            new = reworded(old, parts)
            assert former not in new
            assert new.startswith("## Mine\n\nBefore.\n\n_")
            assert new.endswith("_\n\nAfter.\n")


@pytest.mark.parametrize("kind", [DEPLOY, IMPL], ids=["deploy", "impl"])
def test_an_answer_is_not_reworded(kind):
    """What somebody changed by one letter is theirs."""
    parts = kind.render(FACTS[kind.name], CONTEXT)
    former = next(f for part in parts if isinstance(part, Prose) for f in part.former)
    answered = former.replace("?", "? Nobody knows.", 1)
    assert reworded(answered, parts) == answered


def test_a_refresh_brings_an_old_document_up_to_date_and_keeps_what_was_written(tmp_path):
    """On disk: the old comment becomes a visible question, the answer beside it stays."""
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'x:1'}}\n")
    project = Project(tmp_path)
    made = writing.write_document(project, "deploy", "shop", ReadOptions())
    text = made.path.read_text()
    parts = DEPLOY.render(DeployFacts(), CONTEXT)
    where, operations = [part for part in parts if isinstance(part, Prose)]
    old = text.replace(where.markdown.partition("\n\n")[2], where.former[0])
    old = old.replace(operations.markdown.partition("\n\n")[2], "We roll back by hand.")
    assert old != text
    made.path.write_text(old)
    stored = last_document(project, "deploy", "shop")
    assert set(where.former[0].splitlines()) <= collecting.placeholders_of(stored)
    writing.refresh_document(project, stored, ReadOptions())
    now = made.path.read_text()
    assert "<!-- Which of these stacks" not in now
    assert where.markdown in now
    assert "We roll back by hand." in now
