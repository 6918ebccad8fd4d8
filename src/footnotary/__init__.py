"""Documentation whose every claim rests on a dated source that a machine has checked.

    import footnotary

    project = footnotary.open_project(".")
    made = footnotary.cite(project, "https://example.org/pools", "Start with a pool of 5.")
    report = footnotary.check(project)

The package has no eager imports: `import footnotary` costs nothing, and what `__all__` names is
loaded when it is first used. Start reading at `footnotary.cli` (the commands), or at
`footnotary.models` (the nouns); `docs/architecture.md` draws the layers.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from footnotary.api import check, cite, open_project, search
    from footnotary.citing import Cited, Overclaimed, Refused
    from footnotary.errors import FootnotaryError
    from footnotary.facts.options import ReadOptions
    from footnotary.gating import Report
    from footnotary.project import Project
    from footnotary.searching import Found, SearchResult
    from footnotary.writing.composing import WrittenDocument, write_document
    from footnotary.writing.reading import read_facts

__version__ = "0.1.0"

DOCUMENTATION = "https://footnotary.github.io/footnotary/"
"""Where the pages of `docs/` are published: `docs/gate.md` as `gate/`. Every hint, report and link
of the package that leads to a page begins with it; `pyproject.toml` and `mkdocs.yml` repeat it, and
a test compares them."""

_PLACES = {
    **dict.fromkeys(("check", "cite", "open_project", "search"), "api"),
    **dict.fromkeys(("Cited", "Overclaimed", "Refused"), "citing"),
    **dict.fromkeys(("WrittenDocument", "write_document"), "writing.composing"),
    "FootnotaryError": "errors",
    "Found": "searching",
    "Project": "project",
    "ReadOptions": "facts.options",
    "Report": "gating",
    "SearchResult": "searching",
    "read_facts": "writing.reading",
}
__all__ = [
    "Cited",
    "FootnotaryError",
    "Found",
    "Overclaimed",
    "Project",
    "ReadOptions",
    "Refused",
    "Report",
    "SearchResult",
    "WrittenDocument",
    "check",
    "cite",
    "open_project",
    "read_facts",
    "search",
    "write_document",
]


def __getattr__(name: str) -> object:
    """Return what the Python API has under a name, loaded when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the names that completion shows, loaded or not."""
    return sorted({*globals(), *__all__})
