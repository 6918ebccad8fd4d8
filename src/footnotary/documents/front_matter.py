"""Front matter: what a document says about itself, between two lines of `---`.

All that is not ours (other fields, comments, anchors, the order) is kept as it is written.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from footnotary.documents.yaml_edits import Value, with_fields
from footnotary.errors import DocumentError
from footnotary.facts.options import ReadOptions
from footnotary.markers.structure import first_line_end, front_matter_end, lines_of

_MAX_CHARACTERS = 500_000
_OWN_FIELDS = {
    "git": ("branch", "commit"),
    "read": ("how", "python", "extras"),
    "options": tuple(option.name for option in dataclass_fields(ReadOptions)),
}


@dataclass(frozen=True)
class FrontMatter:
    """The fields that footnotary writes.

    Attributes:
        kind: Name of the document kind.
        project: The project's name, or the topic of a research note.
        date: The document's date.
        status: `current` or `superseded`.
        supersedes: Stem of the document before it, or empty.
        superseded_by: Stem of the document behind it, or empty.
        generator: `footnotary` and its version.
        branch: Branch the project was on, or empty.
        commit: Commit the project was at, or empty.
        options: How the project was read, by option; a text or several.
        read: How the facts were had: `how`, `python`, `extras`.
        read_from: Files that were read.
        versions: Installed versions of the libraries it is about.
        regions: Names of the regions that were written.
    """

    kind: str
    project: str
    date: date | None
    status: str = "current"
    supersedes: str = ""
    superseded_by: str = ""
    generator: str = ""
    branch: str = ""
    commit: str = ""
    options: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    read_from: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()


def read_front_matter(markdown: str) -> FrontMatter | None:
    """Read a document's front matter.

    Returns:
        Its fields, or None where it has none or it names no document kind.

    Raises:
        DocumentError: It is no YAML mapping; the message names the line.
    """
    data = fields(markdown)
    if "kind" not in data:
        return None
    git = _mapping(data.get("git"))
    told = data | {"branch": git.get("branch"), "commit": git.get("commit")}
    names = (each.name for each in dataclass_fields(FrontMatter))
    return FrontMatter(**{name: _READERS.get(name, _text)(told.get(name)) for name in names})


def fields(markdown: str) -> dict[str, Any]:
    """Return every field of a document's front matter, values as text.

    Raises:
        DocumentError: It is no YAML mapping, or a field is there twice; the message
            names the line.
    """
    import yaml

    from footnotary.yaml_text import is_bounded

    text = _inner(markdown)
    if not text.strip():
        return {}
    if len(text) > _MAX_CHARACTERS or not is_bounded(text):
        raise DocumentError("line 1: the front matter is larger than any can be.")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
    try:
        root = loader.get_single_node()
        _refuse_doubled_field(root)
        data = loader.construct_document(root)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise DocumentError(
            f"line {line}: the front matter is no YAML: {problem}.",
            hint="Fix it by hand; nothing was changed.",
        ) from None
    if not isinstance(data, dict):
        raise DocumentError(
            "line 2: the front matter holds no fields.", hint="Write one `name: value` a line."
        )
    return data


def with_front_matter(markdown: str, matter: FrontMatter, *, gone: Collection[str] = ()) -> str:
    """Return a document with our fields of the front matter set, and all else as it was."""
    end = first_line_end(lines_of(markdown))
    own = {**_OWN_FIELDS, "versions": gone}
    if not (front_matter_end(markdown) > 0):
        mark = "\ufeff" if markdown.startswith("\ufeff") else ""
        behind = markdown.removeprefix(mark).lstrip("\r\n")
        fields_alone = with_fields("", _own_fields(matter), own, end)
        return f"{mark}---{end}{fields_alone}---{end * 2}{behind}"
    whole = markdown[: front_matter_end(markdown)]
    first = re.match(r"[^\r\n]*(?:\r\n?|\n)", whole)
    head = first[0] if first else ""
    fence = re.split(r"[\r\n]", whole)[-1]
    inner = whole[len(head) : len(whole) - len(fence)]
    return head + with_fields(inner, _own_fields(matter), own, end) + fence + markdown[len(whole) :]


def _inner(markdown: str) -> str:
    """Return the front matter without its fences, lines ending in LF."""
    whole = markdown[: front_matter_end(markdown)]
    return "\n".join(re.split(r"\r\n?|\n", whole)[1:-1])


def _refuse_doubled_field(root: Any) -> None:
    """Refuse a field that is there twice: YAML readers silently drop one."""
    seen: dict[str, int] = {}
    for key, _ in root.value if root.id == "mapping" else ():
        number = key.start_mark.line + 2
        if str(key.value) in seen:
            raise DocumentError(
                f"line {number}: the front matter has {key.value!r} twice;"
                f" the first is on line {seen[str(key.value)]}.",
                hint="Remove one of them.",
            )
        seen[str(key.value)] = number


def _own_fields(matter: FrontMatter) -> dict[str, Value]:
    """Return our fields in order, empty ones with them."""
    return {
        "kind": matter.kind,
        "project": matter.project,
        "date": matter.date.isoformat() if matter.date else "",
        "status": matter.status,
        "supersedes": matter.supersedes,
        "superseded_by": matter.superseded_by,
        "generator": matter.generator,
        "git": _said({"branch": matter.branch, "commit": matter.commit}),
        "read": _said(matter.read),
        "versions": _said(matter.versions),
        "options": matter.options,
        "read_from": matter.read_from,
        "regions": matter.regions,
    }


def _said(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts that are not empty."""
    return {name: text for name, text in texts.items() if text}


def _mapping(value: object) -> dict[str, str]:
    """Return the texts of a mapping; anything else is none."""
    if not isinstance(value, dict):
        return {}
    return {str(name): _text(each) for name, each in value.items()}


def _options(value: object) -> dict[str, str | tuple[str, ...]]:
    """Return the options of a front matter; anything else is none."""
    if not isinstance(value, dict):
        return {}
    return {
        str(name): _texts(each) if isinstance(each, list) else _text(each)
        for name, each in value.items()
    }


def _text(value: object) -> str:
    """Return a scalar as text; anything else is empty."""
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """Return a list's scalars; anything else is empty."""
    return tuple(_text(item) for item in value) if isinstance(value, list) else ()


def _day(value: object) -> date | None:
    """Return an ISO date, or None."""
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None


_READERS: dict[str, Callable[[object], Any]] = {
    "date": _day, "options": _options, "read": _mapping, "read_from": _texts,
    "versions": _mapping, "regions": _texts,
}  # fmt: skip
