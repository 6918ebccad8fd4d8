"""Compose files, merged: the one adapter over `compose-lint`'s loader.

That loader merges several files, `extends`, `include`, anchors, `!reset` and `!override`
with a line for every value, and never stops at a missing file or an unset variable. It is
no promised interface, so nothing outside this module knows it, and its version is pinned.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from footnotary.facts.basis import Place
from footnotary.files import is_file
from footnotary.readers.compose_inherited import inherited, uniform

_LINE = re.compile(r"\bline (\d+)")


@dataclass(frozen=True)
class Merged:
    """What compose files say together, variables without default left as written.

    Attributes:
        root: The project's root.
        data: The merged document.
        lines: File and line of each dotted path of it.
    """

    root: Path
    data: Mapping[str, Any]
    lines: Mapping[str, tuple[str, int]]

    def place(self, *steps: str | int) -> Place:
        """Return where a value stands; of the nearest one above it that is known."""
        for length in range(len(steps), 0, -1):
            found = self.lines.get(_dotted(steps[:length]))
            if found:
                return Place(path=found[0], line=found[1])
        return Place(path="", line=0)


@dataclass(frozen=True)
class Unreadable:
    """Why files cannot be merged: one sentence that quotes nothing from them."""

    reason: str


def load(root: Path, files: tuple[str, ...]) -> Merged | Unreadable:
    """Merge compose files as `docker compose -f … -f … config` does, without `.env`.

    Args:
        root: The project's root.
        files: Paths relative to it, in order; the first one's folder is the project's.

    Returns:
        The merged document, or why there is none.
    """
    from compose_lint.parser import ComposeError

    try:
        merged = _folded(root, [root / name for name in files])
    except ComposeError as error:
        return Unreadable(_reason(error, files))
    except FileNotFoundError:
        return Unreadable("a file of the stack is missing")
    except (OSError, RecursionError, ValueError, TypeError, AttributeError, KeyError):
        return Unreadable(f"{files[-1]} is no compose file")
    lines = {
        path: (_relative(root, getattr(line, "source", None) or merged.sources.get(path)), line)
        for path, line in merged.lines.items()
    }
    return Merged(
        root, merged.data, {path: (name, int(line)) for path, (name, line) in lines.items()}
    )


def _folded(root: Path, paths: list[Path]) -> Any:
    """Return the loader's merged document.

    The loader refuses a whole file for one service without a body, as Docker does; the other
    services are wanted all the same. And it lets one form of a key replace the other, where
    Docker joins the two.
    """
    from compose_lint._merge import merge_documents
    from compose_lint.parser import ComposeError, load_document, load_merged

    try:
        load_merged(list(paths), use_env=False)
    except ComposeError as error:
        if "has no body" not in str(error):
            raise
    folder = paths[0].absolute().parent

    def loaded(path: Path) -> Any:
        return load_document(path, use_env=False, project_dir=folder, overlay=True)

    def services(path: Path) -> Mapping[str, Any]:
        inside = path.resolve().is_relative_to(root.resolve()) and is_file(path)
        found = loaded(path).data.get("services") if inside else None
        return found if isinstance(found, dict) else {}

    def joined(document: Any) -> Any:
        found = document.data.get("services")
        if not isinstance(found, dict):
            return document
        found = inherited(found, document.resets | document.overrides, folder, services)
        found = uniform(found) if len(paths) > 1 else found
        return replace(document, data={**document.data, "services": found})

    return merge_documents([joined(loaded(path)) for path in paths])


def _dotted(steps: tuple[str | int, ...]) -> str:
    """Write a path as the loader keys its lines: `services.web.ports[0]`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _relative(root: Path, path: str | Path | None) -> str:
    """Return a file's path relative to the root, with `/`; empty if it is not known."""
    if not path:
        return ""
    name = os.path.relpath(os.path.normpath(root / path), root)
    return name.replace(os.sep, "/")


def _reason(error: Exception, files: tuple[str, ...]) -> str:
    """Put the loader's refusal into a sentence of ours: its own may quote the file."""
    text = str(error)
    culprit = next((name for name in reversed(files) if Path(name).name in text), files[0])
    line = _LINE.search(text)
    where = f"{culprit}, line {line[1]}," if line else culprit
    kinds = {
        "empty": "is empty",
        "Duplicate": "has a key twice",
        "duplicate": "has a key twice",
        "UTF-8": "is not UTF-8",
        "single document": "holds more than one YAML document",
        "must be a mapping": "has services that are no mapping",
        "merge keys": "copies too much by its merge keys",
        "declares more than": "has too many services",
        "none of those files": "has no services of its own, and what it includes is not there",
        "no 'services:'": "has no services",
        "services": "has no usable services",
        "too large": "is too large",
    }
    what = next((words for sign, words in kinds.items() if sign in text), "is no valid YAML")
    return f"{where} {what}"
