"""Front matter: what a document says about itself, between two lines of `---`.

Fields that are not ours (tags, `hide`, comments) are kept as they are written.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from footnotary.errors import DocumentError
from footnotary.markers.structure import front_matter_end

MAX_CHARACTERS = 500_000
_TOP_LEVEL = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)\s*:(?:\s|$)")
_PLAIN = re.compile(r"[A-Za-z0-9_/.][A-Za-z0-9_/. +@~-]*(?<![ ])")
_OWN = (
    "kind",
    "project",
    "date",
    "status",
    "supersedes",
    "superseded_by",
    "generator",
    "git",
    "options",
    "read",
    "read_from",
    "versions",
    "regions",
)


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

    Args:
        markdown: The document.

    Returns:
        Its fields, or None where it has none or it names no document kind.

    Raises:
        DocumentError: It is no YAML mapping; the message names the line.
    """
    data = fields(markdown)
    if "kind" not in data:
        return None
    git = data.get("git")
    git = git if isinstance(git, dict) else {}
    return FrontMatter(
        kind=_text(data.get("kind")),
        project=_text(data.get("project")),
        date=_day(_text(data.get("date"))),
        status=_text(data.get("status")),
        supersedes=_text(data.get("supersedes")),
        superseded_by=_text(data.get("superseded_by")),
        generator=_text(data.get("generator")),
        branch=_text(git.get("branch")),
        commit=_text(git.get("commit")),
        options=_options(data.get("options")),
        read=_mapping(data.get("read")),
        read_from=_texts(data.get("read_from")),
        versions=_mapping(data.get("versions")),
        regions=_texts(data.get("regions")),
    )


def fields(markdown: str) -> dict[str, Any]:
    """Return every field of a document's front matter, values as text.

    Args:
        markdown: The document.

    Raises:
        DocumentError: It is no YAML mapping, or a field is there twice; the message
            names the line.
    """
    import yaml

    from footnotary.yaml_text import is_bounded

    text = _inner(markdown)
    if not text.strip():
        return {}
    if len(text) > MAX_CHARACTERS or not is_bounded(text):
        raise DocumentError("line 1: the front matter is larger than any can be.")
    _refuse_doubled(text)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        data = yaml.load(text, Loader=loader)  # noqa: S506  BaseLoader makes text alone
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


def with_front_matter(markdown: str, matter: FrontMatter) -> str:
    """Return a document with our fields of the front matter set, and all else as it was.

    Args:
        markdown: The document, with or without front matter.
        matter: The fields.
    """
    found = re.search(r"\r\n?|\n", markdown)
    end = found[0] if found else "\n"
    mark = "\ufeff" if markdown.startswith("\ufeff") else ""
    kept = [line for name, line in _named_lines(_inner(markdown)) if name not in _OWN]
    behind = (
        markdown[front_matter_end(markdown) :] if _has(markdown) else markdown.removeprefix(mark)
    )
    if not _has(markdown):
        behind = end * 2 + behind.lstrip("\r\n")
    return mark + end.join(["---", *_own_lines(matter), *kept, "---"]) + behind


def _has(markdown: str) -> bool:
    """Return whether a document has front matter."""
    return front_matter_end(markdown) > 0


def _inner(markdown: str) -> str:
    """Return the front matter without its fences, lines ending in LF."""
    whole = markdown[: front_matter_end(markdown)]
    return "\n".join(re.split(r"\r\n?|\n", whole)[1:-1])


def _named_lines(inner: str) -> list[tuple[str, str]]:
    """Return each line with the top-level field it belongs to; comments belong to none."""
    name = ""
    named = []
    for line in inner.split("\n") if inner else []:
        found = _TOP_LEVEL.match(line)
        if found:
            name = found[1]
        elif line.startswith("#"):
            name = ""
        named.append((name, line))
    return named


def _refuse_doubled(inner: str) -> None:
    """Refuse a field that is there twice: YAML readers silently drop one."""
    seen: dict[str, int] = {}
    for number, line in enumerate(inner.split("\n"), 2):
        found = _TOP_LEVEL.match(line)
        if found and found[1] in seen:
            raise DocumentError(
                f"line {number}: the front matter has {found[1]!r} twice;"
                f" the first is on line {seen[found[1]]}.",
                hint="Remove one of them.",
            )
        if found:
            seen[found[1]] = number


def _own_lines(matter: FrontMatter) -> list[str]:
    """Return our fields as YAML, empty ones left out."""
    lines = [
        f"{name}: {_scalar(value)}"
        for name, value in (
            ("kind", matter.kind),
            ("project", matter.project),
            ("date", matter.date.isoformat() if matter.date else ""),
            ("status", matter.status),
            ("supersedes", matter.supersedes),
            ("superseded_by", matter.superseded_by),
            ("generator", matter.generator),
        )
        if value
    ]
    git = {"branch": matter.branch, "commit": matter.commit}
    for name, mapping in (("git", git), ("read", matter.read), ("versions", matter.versions)):
        rows = [f"  {_scalar(key)}: {_scalar(value)}" for key, value in mapping.items() if value]
        lines += [f"{name}:", *rows] if rows else []
    if matter.options:
        lines += [
            "options:",
            *(f"  {name}: {_flow(value)}" for name, value in matter.options.items()),
        ]
    for name, items in (("read_from", matter.read_from), ("regions", matter.regions)):
        lines += [f"{name}:", *(f"  - {_scalar(item)}" for item in items)] if items else []
    return lines


def _scalar(value: str) -> str:
    """Return text as a YAML scalar, plain where every YAML reader takes it for text."""
    import json

    if _PLAIN.fullmatch(value) and not re.fullmatch(
        r"[\d._+-]+|true|false|yes|no|on|off|null|~|\.|\.\.", value, re.IGNORECASE
    ):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _flow(value: str | tuple[str, ...]) -> str:
    """Return a text, or several as a YAML list on one line."""
    import json

    return _scalar(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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


def _day(said: str) -> date | None:
    """Return an ISO date, or None."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
