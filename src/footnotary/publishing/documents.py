"""The documents of a project as the site sees them: where they lie, what they say they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from footnotary.errors import DocumentError
from footnotary.markers import markers_of
from footnotary.markers.closing import closing_of
from footnotary.markers.structure import front_matter_end
from footnotary.project import Project

MAX_BYTES = 20_000_000
_STEM = re.compile(r"([A-Z]+)-(.+)-(\d{4}-\d{2}-\d{2})")
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
LABELS = {
    "API": "API",
    "SCHEMA": "Database schema",
    "DEPLOY": "Deployment",
    "IMPL": "Implementation",
    "RESEARCH": "Research",
}


@dataclass(frozen=True)
class Document:
    """One document on disk.

    Attributes:
        path: Where it lies.
        folder: Its folder under `current` or `archive`, such as `api-specs`.
        stem: Its file name without `.md`.
        text: All of it.
        body: What follows the front matter.
        meta: Its front matter; empty where there is none or it is no mapping.
        archived: Whether it lies in the archive.
        attachments: Files beside it, by suffix, such as `.openapi.json`.
    """

    path: Path
    folder: str
    stem: str
    text: str
    body: str
    meta: dict[str, Any] = field(default_factory=dict)
    archived: bool = False
    attachments: tuple[tuple[str, Path], ...] = ()

    @property
    def uri(self) -> str:
        """Its place in the site, which stays the same when it is superseded."""
        folder = f"{self.folder}/" if self.folder else ""
        return f"documents/{folder}{self.stem}.md"

    @property
    def prefix(self) -> str:
        """`API`, `SCHEMA`, `DEPLOY`, `IMPL`, `RESEARCH`, or empty."""
        found = _STEM.fullmatch(self.stem)
        return found[1] if found else ""

    @property
    def label(self) -> str:
        """What kind of document it is, in words."""
        return LABELS.get(self.prefix, "Document")

    @property
    def name(self) -> str:
        """The project or topic it is about."""
        found = _STEM.fullmatch(self.stem)
        return found[2] if found else self.stem

    @property
    def date(self) -> str:
        """Its day as `YYYY-MM-DD`, or empty."""
        found = _STEM.fullmatch(self.stem)
        return str(self.meta.get("date") or (found[3] if found else ""))

    @property
    def superseded(self) -> bool:
        """Whether a newer one has taken its place."""
        return self.archived or self.meta.get("status") == "superseded"

    @property
    def title(self) -> str:
        """Its first heading, or a name made of what it is."""
        found = _HEADING.search(self.body)
        return re.sub(r"[`*]", "", found[1]) if found else f"{self.label}: {self.name}"

    def cited_keys(self) -> tuple[str, ...]:
        """Return the keys of the citations it rests on, in order, each once."""
        try:
            sources = closing_of(self.text).sources
        except DocumentError:
            sources = None
        numbered = {str(entry.number): entry.key for entry in sources.entries} if sources else {}
        labels = [label for marker in markers_of(self.text) for label in marker.labels]
        keys = [numbered.get(label, "" if label.isdigit() else label) for label in labels]
        return tuple(dict.fromkeys(key for key in keys if key))


def documents_of(project: Project) -> Iterator[Document]:
    """Yield every document, the current ones first, each folder by name.

    Args:
        project: Whose documents.
    """
    for root, archived in ((project.current, False), (project.archive, True)):
        for path in sorted(root.rglob("*.md")):
            relative = path.relative_to(root)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                document = _read(path, relative.parent.as_posix(), archived=archived)
                if document is not None:
                    yield document


def _read(path: Path, folder: str, *, archived: bool) -> Document | None:
    """Read one document; None for what cannot be one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return None
    end = front_matter_end(text)
    names = sorted(path.parent.glob(f"{path.stem}.*"))
    return Document(
        path=path,
        folder="" if folder == "." else folder,
        stem=path.stem,
        text=text,
        body=text[end:].lstrip("\r\n"),
        meta=_meta(text[:end]),
        archived=archived,
        attachments=tuple(
            (one.name.removeprefix(path.stem), one) for one in names if one.suffix == ".json"
        ),
    )


def _meta(front_matter: str) -> dict[str, Any]:
    """Return the fields of front matter; empty where it is none."""
    lines = front_matter.strip().splitlines()
    try:
        found = yaml.safe_load("\n".join(lines[1:-1]))
    except (yaml.YAMLError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
