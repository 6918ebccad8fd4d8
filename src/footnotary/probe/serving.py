"""Which application a project's own files start a server with: Dockerfiles, compose, scripts."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from footnotary import git
from footnotary.files import read_regular

_FILES = re.compile(
    r"(?i)([\w.-]*dockerfile[\w.-]*|[\w.-]*containerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml"
    r"|procfile[\w.-]*|makefile|justfile|\.?justfile|taskfile\.ya?ml|fly\.toml|render\.yaml"
    r"|app\.yaml|supervisord?\.conf|[\w.-]+\.sh|package\.json|pyproject\.toml|gunicorn[\w.-]*\.py)"
)
_SKIPPED = {"node_modules", "site-packages", "__pycache__", "venv", "env", "build", "dist"}
_DEEPEST = 3
_MOST_FILES = 200
_MOST_BYTES = 300_000
_MOST_WORDS = 60  # of a command
_SERVERS = {"uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "fastapi"}
_TARGET = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_][\w.]*)(?:\(.*\))?")
_FILE = re.compile(r"(?:\./)?[\w./-]+\.py")
_ENDS = {"&&", "||", ";", "|", "RUN", "FROM", "COPY"}
_SET = re.compile(r"\b(?:APP_MODULE|wsgi_app)\b\s*[=:]\s*[\"']?([\w.]+:\w+)")
_DEFAULT = re.compile(r"\$\{\w+:?-([^{}]*)\}")
_MARKS = str.maketrans(dict.fromkeys("\"',[]\\()", " "))


def served_targets(root: Path) -> Iterator[tuple[str, str]]:
    """Yield what the project's files start a server with, likely ones first.

    Args:
        root: The project's root.

    Yields:
        Where a command is, relative to the root, and `module:attribute`, or the path of a file
        that FastAPI's own command is given. That such a module is there, nobody has looked.
    """
    for path in _command_files(root):
        try:
            text = read_regular(path, _MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        shown = path.relative_to(root).as_posix()
        yield from ((shown, found) for found in _SET.findall(text))
        yield from ((shown, found) for found in targets_in_commands(text))


def targets_in_commands(text: str) -> Iterator[str]:
    """Yield the applications that commands in a text start, in shell form or as a list.

    Args:
        text: Of a Dockerfile, a compose file, a script.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    words = _DEFAULT.sub(r"\1", "\n".join(lines)).translate(_MARKS).split()
    for at, word in enumerate(words):
        server = word.rpartition("/")[2]
        if server not in _SERVERS:
            continue
        for other in words[at + 1 : at + _MOST_WORDS]:
            if other in _ENDS or other.rpartition("/")[2] in _SERVERS:
                break
            is_file = server == "fastapi" and _FILE.fullmatch(other)
            if is_file or _TARGET.fullmatch(other):
                yield other.partition("(")[0]
                break


def _command_files(root: Path) -> list[Path]:
    """Return the files in which commands may stand: outermost first, plain names first."""
    found: list[Path] = []
    ignored = git.ignored(root)
    for folder, below, names in os.walk(root):
        inner = Path(folder).relative_to(root)
        below[:] = sorted(
            one for one in below
            if one not in _SKIPPED and not one.startswith(".") and len(inner.parts) < _DEEPEST
            and f"{(inner / one).as_posix()}/" not in ignored
            and not Path(folder, one, "pyvenv.cfg").exists()
        )  # fmt: skip
        found += [Path(folder, one) for one in sorted(names) if _FILES.fullmatch(one)]
        if len(found) > _MOST_FILES:
            break
    return sorted(found, key=lambda one: (len(one.parts), len(one.name), one))[:_MOST_FILES]
