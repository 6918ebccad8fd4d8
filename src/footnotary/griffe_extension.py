"""The griffe extension: docstrings become Markdown of which nothing but CommonMark acts.

mkdocstrings renders a docstring with every extension of the site, and lets HTML pass. Whose code
it is does not matter to it: here each part of a docstring goes through `documents.prose` first.
It runs where griffe runs, so in every engine, and reads a docstring as griffe has parsed it:
sections, parameters and types stay what they are. The fields of settings, models and tables, which
hardly anybody documents one by one, are added as a section of their class.
"""

import ast
from collections.abc import Iterator
from typing import Any

from griffe import (
    Attribute,
    Class,
    Docstring,
    DocstringAttribute,
    DocstringSection,
    DocstringSectionAttributes,
    DocstringSectionKind,
    Expr,
    ExprCall,
    ExprKeyword,
    ExprSubscript,
    ExprTuple,
    Extension,
    GriffeLoader,
    Module,
    Object,
)

from footnotary.documents import escape, prose
from footnotary.secrecy.credentials import MASK
from footnotary.secrecy.texts import without_credentials

_COLUMNS = {"Column", "mapped_column", "relationship"}
_FIELDS = {"Field", "field", *_COLUMNS}
_ABOUT = ("description", "comment", "doc")  # of Field, Column and relationship
_DEFAULTS = ("default", "default_factory", "server_default", "factory")
_NO_FIELDS = {"model_config", "metadata", "registry"}
_LONGEST_DEFAULT = 120


class GuardDocstrings(Extension):
    """Puts a guarded docstring in the place of every docstring of a package."""

    def on_package(self, *, pkg: Module, loader: GriffeLoader, **kwargs: Any) -> None:
        """Guard a package that has been read, behind all other extensions."""
        del loader, kwargs
        waiting: list[Object] = [pkg]
        while waiting:
            one = waiting.pop()
            if one.docstring is None and isinstance(one, Class) and any(_fields(one)):
                one.docstring = Docstring("", parent=one)
            if one.docstring is not None:
                one.docstring = guarded(one.docstring)
            waiting += [inner for inner in one.members.values() if isinstance(inner, Object)]


class GuardedDocstring(Docstring):
    """A docstring whose text is shown as `documents.prose` writes it."""

    def __init__(self, written: Docstring) -> None:
        super().__init__(
            written.value,
            lineno=written.lineno,
            endlineno=written.endlineno,
            parent=written.parent,
            parser=written.parser,
            parser_options=written.parser_options,
        )
        self._written = self.value
        # Tables of what a module holds show this line without parsing it.
        first, newline, rest = self.value.partition("\n")
        self.value = f"{prose.line(first)}{newline}{rest}" or " "  # else it counts as none
        if "parsed" in vars(written):  # another extension has looked, and may have added to it
            self.parsed = _with_fields(written.parsed, self.parent)

    def parse(self, parser: Any = None, **options: Any) -> list[DocstringSection]:
        """Parse it as it was written, and guard each section."""
        written = Docstring(
            self._written,
            lineno=self.lineno,
            parent=self.parent,
            parser=self.parser,
            parser_options=self.parser_options,
        )
        return _with_fields(written.parse(parser, **options), self.parent)


def guarded(docstring: Docstring) -> Docstring:
    """Return a docstring guarded; one that is already, as it is."""
    return docstring if isinstance(docstring, GuardedDocstring) else GuardedDocstring(docstring)


def _with_fields(sections: list[DocstringSection], parent: Any) -> list[DocstringSection]:
    """Return sections guarded, with one for the fields of a class that none of them names."""
    shown = [_guarded_section(one) for one in sections]
    if not isinstance(parent, Class):
        return shown
    listed = next((one for one in shown if one.kind is DocstringSectionKind.attributes), None)
    named = {one.name for one in listed.value} if listed else set()
    fields = [one for one in _fields(parent) if one.name not in named]
    if listed and fields:
        listed.value.extend(fields)
    elif fields:
        shown.append(DocstringSectionAttributes(fields))
    return shown


def _fields(one: Class) -> Iterator[DocstringAttribute]:
    """Yield the fields of a class that have no docstring of their own, as its code has them."""
    for name, member in one.members.items():
        if name.startswith("_") or name in _NO_FIELDS or not isinstance(member, Attribute):
            continue
        annotation, calls = _unpacked(member.annotation)
        made = _name_called(member.value)
        # A `ClassVar` is no attribute of an instance; one without a type is none to griffe.
        is_field = "instance-attribute" in member.labels if annotation else made in _COLUMNS
        if member.docstring or not is_field or "property" in member.labels:
            continue
        if made in _FIELDS:
            calls.append(member.value)
        about = next(filter(None, (_keyword(call, *_ABOUT) for call in calls)), "")
        words = [prose.line(_literal(about))] if about else []
        default = _default(member.value, calls)
        if default:
            is_secret = "Secret" in str(annotation)
            said = without_credentials(f"{name} = {default}").partition(" = ")[2]
            words.append(f"Default: {escape.code(MASK if is_secret else said[:_LONGEST_DEFAULT])}")
        yield DocstringAttribute(name, annotation=annotation, description="\n\n".join(words))


def _unpacked(annotation: str | Expr | None) -> tuple[str | Expr | None, list[Any]]:
    """Return the type in an annotation, and what `Annotated` says of it besides."""
    if not (isinstance(annotation, ExprSubscript) and isinstance(annotation.slice, ExprTuple)):
        return annotation, []
    if annotation.canonical_path.rpartition(".")[2] != "Annotated":
        return annotation, []
    kind, *others = annotation.slice.elements
    return kind, [one for one in others if _name_called(one) in _FIELDS]


def _name_called(value: Any) -> str:
    """Return the last name of what a value is made by; empty where it is no call."""
    return value.canonical_path.rpartition(".")[2] if isinstance(value, ExprCall) else ""


def _keyword(call: ExprCall, *names: str) -> str:
    """Return the first argument of these names, as code; empty where there is none."""
    given = {one.name: str(one.value) for one in call.arguments if isinstance(one, ExprKeyword)}
    return next((given[name] for name in names if name in given), "")


def _default(value: Any, calls: list[ExprCall]) -> str:
    """Return the default of a field, as code; empty where it has none."""
    if value is not None and _name_called(value) not in _FIELDS:
        return str(value)
    named = next(filter(None, (_keyword(call, *_DEFAULTS) for call in calls)), "")
    first = value.arguments[0] if isinstance(value, ExprCall) and value.arguments else None
    if not named and _name_called(value) == "Field" and not isinstance(first, ExprKeyword):
        named = str(first or "")
    return "" if named == "..." else named


def _literal(code: str) -> str:
    """Return the text of a string, or the code of what is none."""
    try:
        return str(ast.literal_eval(code))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return code


def _guarded_section(section: DocstringSection) -> DocstringSection:
    """Return a section with its text guarded; names, types and examples are code, not Markdown."""
    if section.kind is DocstringSectionKind.admonition and section.title:
        section.title = prose.line(section.title)  # the only title that is Markdown
    if isinstance(section.value, str):
        section.value = _shown(section.value)
    elif isinstance(section.value, list):
        section.value = [_guarded_element(one) for one in section.value]
    else:
        _guarded_element(section.value)
    return section


def _guarded_element(element: Any) -> Any:
    """Return an element of a section with its description guarded."""
    if isinstance(element, tuple):
        kind, text = element
        return (kind, _shown(text) if kind is DocstringSectionKind.text else text)
    if isinstance(getattr(element, "description", None), str):
        element.description = _shown(element.description)
    return element


def _shown(text: str) -> str:
    """Return text as safe Markdown; its first line is empty, because settings may stand there."""
    return f"\n{prose.docstring(text)}"
