"""The questions with which documents begin: visible, and known until they are answered."""

from datetime import date
from pathlib import Path

import pytest

from footnotary import writing
from footnotary.documents.deploy import DEPLOY
from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import Context, Prose
from footnotary.documents.skeleton import questions, reworded
from footnotary.facts.deploy import DeployFacts
from footnotary.facts.impl import Identity, ImplFacts
from footnotary.facts.options import ReadOptions
from footnotary.gating import around
from footnotary.project import Project
from footnotary.writing.documents_on_disk import last_document

CONTEXT = Context("shop", date(2026, 11, 23), "STEM")
FACTS = {
    "deploy": DeployFacts(),
    "impl": ImplFacts(identity=Identity(name="shop")),
}


@pytest.mark.parametrize("name", ["api", "schema", "deploy", "impl"])
def test_questions_are_text_that_a_reader_sees(name):
    """No kind hides its questions in a comment: on the site they would not be there."""
    text = (Path(__file__).parent / "golden" / f"{name}.md").read_text()
    assert "?_" in text
    assert "<!--" not in text


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
    made = writing.new(project, "deploy", "shop", ReadOptions())
    text = made.path.read_text()
    parts = DEPLOY.render(DeployFacts(), CONTEXT)
    where, operations = [part for part in parts if isinstance(part, Prose)]
    old = text.replace(where.markdown.partition("\n\n")[2], where.former[0])
    old = old.replace(operations.markdown.partition("\n\n")[2], "We roll back by hand.")
    assert old != text
    made.path.write_text(old)
    stored = last_document(project, "deploy", "shop")
    assert set(where.former[0].splitlines()) <= around.placeholders_of(stored)
    writing.refresh(project, stored, ReadOptions())
    now = made.path.read_text()
    assert "<!-- Which of these stacks" not in now
    assert where.markdown in now
    assert "We roll back by hand." in now
