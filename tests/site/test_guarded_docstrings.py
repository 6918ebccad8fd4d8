"""Docstrings of the reference: griffe's own sections, and in them nothing acts but CommonMark."""

import griffe
import pytest

CODE = '''
"""Its **words**, [json][json.loads] and <b>markup</b>.

::: json
"""
def sold(number: int, name: str = "<b>x</b>") -> int:
    """Sell <i>it</i>.

    Args:
        number (list[int]): How many, <u>at most</u>.
            ::: json
        name: --8<-- "x"

    Returns:
        !!! note

    Examples:
        ::: json

        >>> sold(1, "<b>")

    Note: A <u>title</u>
        ??? note
    """
'''


@pytest.fixture
def module(tmp_path):
    """The module as griffe reads it with the extension."""
    (tmp_path / "shop.py").write_text(CODE)
    loader = griffe.GriffeLoader(
        extensions=griffe.load_extensions("footnotary.griffe_extension"),
        search_paths=[str(tmp_path)],
        docstring_parser="google",
    )
    return loader.load("shop")


def test_texts_are_rewritten_and_references_stay(module):
    """What extensions would act on is words; emphasis, and links to names, are what they were."""
    (section,) = module.docstring.parsed
    assert section.value == (
        '\nIts **words**, <autoref optional identifier="json.loads">json</autoref> and **markup**.'
        "\n\n&#58;:&#58; json"
    )


def test_sections_names_and_types_are_griffes_own(module):
    """Parameters keep their names, types and defaults; examples are code and stay as they are."""
    sections = {one.kind.value: one for one in module["sold"].docstring.parsed}
    number, name = sections["parameters"].value
    assert (number.name, str(number.annotation)) == ("number", "list[int]")
    assert number.description.strip() == (
        "How many, &#60;u&#62;at most&#60;/u&#62;. &#58;:&#58; json"
    )
    assert name.value == "'<b>x</b>'"
    assert "8&#60;--" in name.description
    assert sections["returns"].value[0].description.strip().startswith("&#33;&#33;&#33;")
    (_, text), (_, example) = sections["examples"].value
    assert text.strip() == "&#58;:&#58; json"
    assert example == '>>> sold(1, "<b>")'
    note = sections["admonition"]
    assert note.title == "A &#60;u&#62;title&#60;/u&#62;"
    assert note.value.contents.strip().startswith("&#63;&#63;&#63;")


def test_the_first_line_that_tables_show_is_guarded_too(module):
    """Summaries take it without parsing."""
    assert module["sold"].docstring.value.split("\n")[0] == "Sell _it_."
    assert module.docstring.value.split("\n")[0].endswith("**markup**.")


def test_guarding_twice_changes_nothing(module):
    """A docstring that several packages share is guarded once."""
    before = [one.value for one in module.docstring.parsed]
    griffe.load_extensions("footnotary.griffe_extension").call(
        "on_package", pkg=module, loader=None
    )
    assert [one.value for one in module.docstring.parsed] == before


def test_what_another_extension_added_is_guarded(tmp_path):
    """It runs last, and takes the sections that are there."""

    class Adds(griffe.Extension):
        def on_package(self, *, pkg, loader, **kwargs):
            pkg.docstring.parsed.append(griffe.DocstringSectionText("<b onclick=x>"))

    (tmp_path / "shop.py").write_text('"""Words."""\n')
    loader = griffe.GriffeLoader(
        extensions=griffe.load_extensions(Adds, "footnotary.griffe_extension"),
        search_paths=[str(tmp_path)],
    )
    assert loader.load("shop").docstring.parsed[-1].value == "\n&#60;b onclick=x&#62;"


FIELDS = """
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import Column, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

class Undocumented(BaseModel):
    model_config = {}
    size: Annotated[int, Field(ge=1, description="How <u>many</u>")] = 5
    name: str = Field("x", description="Its name")
    wanted: str = Field(..., description=about)
    many: list[str] = Field(default_factory=list)
    password: str = "hunter2hunter2"
    token: SecretStr = SecretStr("abc")
    known: ClassVar[int] = 3
    _hidden: int = 1
    told: int = 2
    \"\"\"Told by itself.\"\"\"

class Row:
    \"\"\"A row.

    Attributes:
        id: Its number.
    \"\"\"
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    stock: Mapped[int] = mapped_column(default=0, comment="Pieces")
    old = Column(Integer, doc="Of old")
    plain = 3

@dataclass
class Point:
    x: int = field(default=1)

class Nothing:
    plain = 3
"""


def test_fields_of_classes_are_told_with_type_default_and_description(tmp_path):
    """Those without a docstring, of undocumented classes too; what is secret is not shown."""
    (tmp_path / "shop.py").write_text(FIELDS.replace('\\"', '"'))
    loader = griffe.GriffeLoader(
        extensions=griffe.load_extensions("footnotary.griffe_extension"),
        search_paths=[str(tmp_path)],
        docstring_parser="google",
    )
    classes = loader.load("shop").classes
    found = {
        f"{name}.{one.name}": (str(one.annotation), " ".join(one.description.split()))
        for name, each in classes.items()
        if each.docstring
        for section in each.docstring.parsed
        if section.kind.value == "attributes"
        for one in section.value
    }
    assert found == {
        "Undocumented.size": ("int", "How &#60;u&#62;many&#60;/u&#62; Default: `5`"),
        "Undocumented.name": ("str", "Its name Default: `'x'`"),
        "Undocumented.wanted": ("str", "about"),
        "Undocumented.many": ("list[str]", "Default: `list`"),
        "Undocumented.password": ("str", "Default: `'***'`"),
        "Undocumented.token": ("SecretStr", "Default: `***`"),
        "Row.id": ("Mapped[int]", "Its number."),
        "Row.stock": ("Mapped[int]", "Pieces Default: `0`"),
        "Row.old": ("None", "Of old"),
        "Point.x": ("int", "Default: `1`"),
    }
    assert classes["Nothing"].docstring is None
    assert bool(classes["Undocumented"].docstring)
