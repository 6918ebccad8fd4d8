"""The griffe extension: docstrings become Markdown of which nothing but CommonMark acts.

mkdocstrings renders a docstring with every extension of the site, and lets HTML pass. Whose code
it is does not matter to it: here each part of a docstring goes through `documents.prose` first.
It runs where griffe runs, so in every engine, and reads a docstring as griffe has parsed it:
sections, parameters and types stay what they are.
"""

from typing import Any

from griffe import (
    Docstring,
    DocstringSection,
    DocstringSectionKind,
    Extension,
    GriffeLoader,
    Module,
    Object,
)

from footnotary.documents import prose


class GuardDocstrings(Extension):
    """Puts a guarded docstring in the place of every docstring of a package."""

    def on_package(self, *, pkg: Module, loader: GriffeLoader, **kwargs: Any) -> None:
        """Guard a package that has been read, behind all other extensions."""
        del loader, kwargs
        waiting: list[Object] = [pkg]
        while waiting:
            one = waiting.pop()
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
        self.value = f"{prose.line(first)}{newline}{rest}"
        if "parsed" in vars(written):  # another extension has looked, and may have added to it
            self.parsed = [_guarded_section(one) for one in written.parsed]

    def parse(self, parser: Any = None, **options: Any) -> list[DocstringSection]:
        """Parse it as it was written, and guard each section."""
        written = Docstring(
            self._written,
            lineno=self.lineno,
            parent=self.parent,
            parser=self.parser,
            parser_options=self.parser_options,
        )
        return [_guarded_section(one) for one in written.parse(parser, **options)]


def guarded(docstring: Docstring) -> Docstring:
    """Return a docstring guarded; one that is already, as it is."""
    return docstring if isinstance(docstring, GuardedDocstring) else GuardedDocstring(docstring)


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
