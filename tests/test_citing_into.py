"""`cite --to`: a claim goes to its own place in a document, and nothing else moves."""

import pytest

from footnotary import writing
from footnotary.errors import DocumentError, UsageError
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.citing_into import document_name, refuse_missing_section
from test_markers import citation

A, B = "a-111111", "b-222222"
BLOCKS = "\n---\n\n**Sources and Citations:**\n"


@pytest.fixture
def project(tmp_path, today):
    """A project with two records."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    store = RecordStore(tmp_path / "citations")
    store.new(citation(A, quote="Start with five connections"))
    store.new(citation(B, quote="Six are too many"))
    return Project(tmp_path)


def cited(project, text, claim, key=A, section=""):
    """A page with a claim put into it, without its closing blocks."""
    page = project.root / "page.md"
    page.write_bytes(text.encode())
    writing.cite_into(project, page, key, claim, section=section)
    after = page.read_bytes().decode()
    end = "\r\n" if "\r\n" in after else "\n"
    head, mark, _ = after.partition(BLOCKS.replace("\n", end))
    assert mark, after
    return head


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Five do. Six do not.\n", "Five do.^[1] Six do not.\n"),
        ("Five\ndo! Six.\n", "Five\ndo!^[1] Six.\n"),
        ("> Five\n> do, they say.\n", "> Five\n> do^[1], they say.\n"),
        ("- Five do\n- Six\n", "- Five do^[1]\n- Six\n"),
        ("# Five do\n\nSix.\n", "# Five do^[1]\n\nSix.\n"),
        ("| a |\n| - |\n| Five do |\n", "| a |\n| - |\n| Five do^[1] |\n"),
        ("Highfive do. Five do not. Five do.\n", "Highfive do. Five do not. Five do.^[1]\n"),
        ("`Five do.` and Five do;\r\n", "`Five do.` and Five do^[1];\r\n"),
        (
            "[Five do.](x) <!-- Five do. --> Five do: yes.\n",
            "[Five do.](x) <!-- Five do. --> Five do^[1]: yes.\n",
        ),
    ],
)
def test_a_claim_that_stands_there_gets_the_marker(project, before, after):
    """At the end of its sentence, in whatever block, over line ends; not inside of words."""
    assert cited(project, before, "Five do.") == after


def test_a_marker_goes_behind_those_that_are_there(project):
    """The sources of a sentence keep their order, and one that is there is not put again."""
    once = cited(project, f"Five do.^[{B}] More.\n", "Five do.")
    assert once == "Five do.^[1]^[2] More.\n"
    sources = (project.root / "page.md").read_text().partition(BLOCKS)[2]
    assert sources.index("Six are too many") < sources.index("Start with five")
    whole = (project.root / "page.md").read_text()
    assert cited(project, whole, "Five do.") == once
    assert cited(project, f"Five do.^[{A}] ^[{B}]\n", "Five do.", B) == "Five do.^[1] ^[2]\n"


@pytest.mark.parametrize(
    ("before", "section", "after"),
    [
        ("# T\n\nIntro.\n", "", "# T\n\nIntro.\n\nFive do.^[1]\n"),
        ("# T\n\nIntro.", "", "# T\n\nIntro.\n\nFive do.^[1]\n"),
        ("## In\n\nSo.\n\n## Out\n", "In", "## In\n\nSo.\n\n- Five do.^[1]\n\n## Out\n"),
        ("## In\n\n- One.\n\n## Out\n", "in", "## In\n\n- One.\n- Five do.^[1]\n\n## Out\n"),
        ("## In\n\n* One.\n", "## In ##", "## In\n\n* One.\n* Five do.^[1]\n"),
        ("## In\n## Out\n", "In", "## In\n\n- Five do.^[1]\n\n## Out\n"),
        ("## Out\n\n### In\n\n## In\n", "In", "## Out\n\n### In\n\n## In\n\n- Five do.^[1]\n"),
        ("## In\r\n\r\nOne.\r\n", "In", "## In\r\n\r\nOne.\r\n\r\n- Five do.^[1]\r\n"),
    ],
)  # fmt: skip
def test_a_new_claim_ends_its_section(project, before, section, after):
    """An item of the list there, with the document's line ends; else a paragraph at the end.

    Of two sections of one name it is the one that is in no other.
    """
    assert cited(project, before, "Five do.", section=section) == after


def test_a_new_claim_goes_before_the_closing_blocks(project):
    """Whether the document has sections or not."""
    cited(project, "Intro.\n", "Five do.")
    whole = (project.root / "page.md").read_text()
    assert cited(project, whole, "Six do not.", B) == "Intro.\n\nFive do.^[1]\n\nSix do not.^[2]\n"
    headed = whole.replace("Intro.", "## In\n\nIntro.")
    after = cited(project, headed, "Six do not.", B, "In")
    assert after == "## In\n\nIntro.\n\nFive do.^[1]\n\n- Six do not.^[2]\n"


def test_a_claim_in_a_region_or_in_code_is_not_the_author_s(project):
    """What the tool wrote is not cited; the claim is added to the author's prose."""
    region = "<!-- footnotary:begin x -->\nFive do.\n<!-- footnotary:end x sha256={} -->\n"
    text = region.format("0" * 64) + "\n```\nFive do.\n```\n"
    assert cited(project, text, "Five do.") == text + "\nFive do.^[1]\n"


def test_without_a_claim_it_is_the_record_s_last_or_its_quote(project):
    """As somebody said it when it was cited, else the source's own words."""
    assert cited(project, "X.\n", "") == 'X.\n\n"Start with five connections"^[1]\n'


def test_markup_in_a_claim_stays_words(project):
    """A claim is text: what would act in Markdown is escaped, quotation marks are not."""
    after = cited(project, "X.\n", 'A *claim* with <b> and "this".')
    assert after == 'X.\n\nA &#42;claim&#42; with &#60;b&#62; and "this".^[1]\n'
    once = (project.root / "page.md").read_text()
    assert cited(project, once, 'A *claim* with <b> and "this".') == after


def test_a_section_that_is_not_there_is_refused_with_those_that_are(project):
    """Those of the author alone: not of regions, lists, quotes, closing blocks."""
    page = project.root / "page.md"
    region = "<!-- footnotary:begin x -->\n## Made\n<!-- footnotary:end x sha256={} -->\n"
    page.write_text(f"# T\n\n> ## Quoted\n\n## In ##\n\n{region.format('0' * 64)}{BLOCKS}")
    for section in ("Made", "Quoted", "Nope", "#"):
        with pytest.raises(UsageError, match="no section") as refused:
            refuse_missing_section(page, section)
        assert refused.value.hint == "Sections: “T”, “In”."
    refuse_missing_section(page, "IN")
    page.write_text("Words.\n")
    with pytest.raises(UsageError) as refused:
        writing.cite_into(project, page, A, "Five do.", section="In")
    assert refused.value.hint == "The document has no headings."
    assert page.read_text() == "Words.\n"


def test_a_broken_document_is_named_and_left(project):
    """The file, the line, and nothing is changed."""
    page = project.root / "page.md"
    page.write_text("A^[1]\n\n**Sources and Citations:**\n\n[1] a\n\n[1] b\n")
    before = page.read_bytes()
    with pytest.raises(DocumentError, match=r"page\.md, line 7"):
        writing.cite_into(project, page, A, "Five do.")
    assert page.read_bytes() == before


def test_records_name_documents_by_their_stem_and_pages_by_their_path(project):
    """A document keeps its name wherever it is moved to."""
    current = project.root / ".claude/docs/current/research"
    name = "RESEARCH-pools-2026-11-23"
    assert document_name(project, current / f"{name}.md") == name
    assert document_name(project, project.archive / "research" / f"{name}.md") == name
    assert document_name(project, project.root / "docs" / "page.md") == "docs/page.md"
    assert document_name(project, current / "other.md").endswith("research/other.md")


def test_a_document_of_a_kind_gets_claims_under_its_own_section(project):
    """And gets that section back where its author took it out."""
    note = writing.write_document(project, "research", "pools", writing_options()).path
    writing.cite_into(project, note, A, "Five do.")
    assert "## Findings\n" in note.read_text()
    text = note.read_text().replace("## Findings", "## Else")
    note.write_text(text)
    writing.cite_into(project, note, B, "Six do not.")
    assert "\n\n## Findings\n\n- Six do not.^[2]\n" in note.read_text()


def writing_options():
    """Nothing is said of how the project is read."""
    from footnotary.facts.options import ReadOptions

    return ReadOptions()
