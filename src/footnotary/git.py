"""What git knows of the project: branch, last commit, pending changes.

Read through the `git` executable, without locks, hooks, pagers or the file-system monitor,
so that reading never changes the repository and never runs what it configures.
"""

import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TIMEOUT = 20.0
_SEPARATOR = "\x1f"
_HASH = re.compile(r"[0-9a-f]{7,64}")
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ", re.MULTILINE)
_QUIET = (
    "--no-pager",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=" + os.devnull,
    "-c",
    "log.showSignature=false",
)


@dataclass(frozen=True)
class Commit:
    """One commit.

    Attributes:
        hash: Full hexadecimal name.
        date: Day of the commit in its own time zone, `YYYY-MM-DD`.
        subject: First line of its message, as written: escape it before showing it.
    """

    hash: str
    date: str
    subject: str

    @property
    def short(self) -> str:
        """The first ten characters of the hash."""
        return self.hash[:10]


@dataclass(frozen=True)
class Change:
    """One path that differs from the last commit.

    Attributes:
        status: `added`, `modified`, `deleted`, `renamed`, `conflicted` or `untracked`.
        path: The path, relative to the repository's root, with `/`; escape before showing.
    """

    status: str
    path: str


@dataclass(frozen=True)
class Repository:
    """The state of a working copy.

    Attributes:
        root: Its top folder.
        branch: Name of the branch; empty when the head is detached.
        commit: The last commit, or None before the first.
        changes: What is not committed, in git's order.
    """

    root: Path
    branch: str
    commit: Commit | None
    changes: tuple[Change, ...] = ()


def read(folder: Path) -> Repository | None:
    """Read the state of the repository that holds a folder.

    Args:
        folder: Any folder of the working copy.

    Returns:
        The state, or None where there is no repository, no git, or none that git will
        read (another owner, a broken store).
    """
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top is None or not top.rstrip("\n"):
        return None
    root = Path(top.rstrip("\n"))
    status = _git(root, "status", "--porcelain=v1", "-z", "--untracked-files=normal")
    branch = _git(root, "symbolic-ref", "--short", "--quiet", "HEAD")
    return Repository(
        root=root,
        branch=(branch or "").strip(),
        commit=_last_commit(root),
        changes=_changes(status or ""),
    )


def tracked(folder: Path, name: str = "") -> frozenset[str] | None:
    """Return the paths below a folder that git tracks, relative to it, with `/`.

    Args:
        folder: Any folder of a working copy.
        name: What in the folder is asked about, in any letter case; everything if empty.

    Returns:
        The paths; None where there is no repository or git cannot read it.
    """
    listed = _git(folder, "ls-files", "-z", *(["--", f":(icase,literal){name}"] if name else ()))
    return None if listed is None else frozenset(filter(None, listed.split("\0")))


def _git(folder: Path, *words: str) -> str | None:
    """Return what git prints, or None if it fails."""
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(folder), *_QUIET, *words],  # noqa: S607  the user's own git
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _last_commit(root: Path) -> Commit | None:
    """Return the commit that HEAD names; None before the first one."""
    line = _git(root, "log", "-1", "--date=short", f"--format=%H{_SEPARATOR}%cd{_SEPARATOR}%s")
    parts = (line or "").rstrip("\n").split(_SEPARATOR, 2)
    return Commit(*parts) if len(parts) == 3 else None  # noqa: PLR2004  the three of --format


def _changes(status: str) -> tuple[Change, ...]:
    """Read `git status --porcelain=v1 -z`: two letters, a blank, a path, NUL.

    A rename or a copy is followed by a second field, the path it came from.
    """
    fields = iter(status.split("\0"))
    found = []
    for field in fields:
        if len(field) < 4:  # noqa: PLR2004  two letters, a blank and at least one character
            continue
        letters, path = field[:2], field[3:]
        if "R" in letters or "C" in letters:
            next(fields, None)
        found.append(Change(_status(letters), path))
    return tuple(found)


def _status(letters: str) -> str:
    """Name a two-letter status (git-status, "Short Format")."""
    if letters == "??":
        return "untracked"
    if "U" in letters or letters in {"AA", "DD"}:
        return "conflicted"
    names = {"R": "renamed", "D": "deleted", "A": "added", "C": "added"}
    return next((names[letter] for letter in "RDAC" if letter in letters), "modified")


def suggested_message(changes: tuple[Change, ...]) -> str:
    """Propose the first line of a commit message for the pending changes.

    Args:
        changes: What is pending.

    Returns:
        `type(scope): verb what` in the Conventional Commits 1.0.0 form; empty when there
        is nothing to commit. The verb and the object are derived from the paths alone:
        a proposal to edit, not a statement of what the change means.
    """
    if not changes:
        return ""
    paths = [PurePosixPath(change.path) for change in changes]
    kind = _kind(paths, changes)
    scope = _scope(paths)
    subject = _plain(paths[0].name) if len(paths) == 1 else f"{len(paths)} files"
    verb = {"added": "add", "untracked": "add", "deleted": "remove", "renamed": "rename"}
    statuses = {change.status for change in changes}
    action = verb.get(next(iter(statuses)), "update") if len(statuses) == 1 else "update"
    return f"{kind}{f'({scope})' if scope else ''}: {action} {subject}"


def _kind(paths: list[PurePosixPath], changes: tuple[Change, ...]) -> str:
    """Return the commit type that all paths share; `feat` where code is added, else `fix`."""
    kinds = {_kind_of(path) for path in paths}
    if len(kinds) == 1 and (only := next(iter(kinds))) != "code":
        return only
    if "code" not in kinds:
        return "chore"
    added = any(
        change.status in {"added", "untracked"} and _kind_of(path) == "code"
        for path, change in zip(paths, changes, strict=True)
    )
    return "feat" if added else "fix"


def _kind_of(path: PurePosixPath) -> str:
    """Return the commit type that one path speaks for."""
    name = path.name.casefold()
    if path.parts[0] in {"tests", "test"} or name.startswith("test_"):
        return "test"
    if path.parts[0] in {"docs", ".claude", "citations"} or name.endswith((".md", ".rst")):
        return "docs"
    if path.parts[0] in {".github", ".gitlab"} or name == ".gitlab-ci.yml":
        return "ci"
    if "dockerfile" in name or "compose" in name or name in {"pyproject.toml", "uv.lock"}:
        return "build"
    return "code" if name.endswith(".py") or path.parts[0] == "src" else "chore"


def _scope(paths: list[PurePosixPath]) -> str:
    """Return the folder that most paths share, if more than half do."""
    folders = Counter(_folder(path) for path in paths)
    name, count = folders.most_common(1)[0]
    return name if name and 2 * count > len(paths) else ""


def _folder(path: PurePosixPath) -> str:
    """Return the innermost folder below `src` or the root, as a word of a commit message."""
    return _plain(path.parent.name) if path.parent.name not in {"", "src"} else ""


def _plain(name: str) -> str:
    """Keep the characters of a name that are safe in one line of text."""
    kept = "".join(character for character in name if character.isalnum() or character in "._-")
    return kept[:60] or "files"


def changed_since(root: Path, commit: str, path: str, line: int) -> str:
    """Say whether commits have changed a line of a file.

    Args:
        root: A folder of the working copy; `path` is relative to it.
        commit: The commit at which the line was cited.
        path: The file.
        line: The line, 1-based, as it was numbered then.

    Returns:
        A few words such as `lines 40-42`; empty where the line is as it was, or
        git does not know.
    """
    if not _HASH.fullmatch(commit):
        return ""
    diff = _git(root, "diff", "--no-ext-diff", "--no-textconv", "-U0", commit, "HEAD", "--", path)
    for found in _HUNK.finditer(diff or ""):
        first, count = int(found[1]), int(found[2] or 1)
        if first <= line < first + max(count, 1):
            last = first + max(count, 1) - 1
            return f"line {first}" if first == last else f"lines {first}-{last}"
    return ""


def merge_text(ours: Path, base: Path, theirs: Path) -> None:
    """Merge three versions of a text file as git does, with conflict markers where it must.

    Args:
        ours: Our version; the result is written there.
        base: The common ancestor.
        theirs: The other version.
    """
    command = ("git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs")
    subprocess.run(  # noqa: S603  a command of our own
        [*command, str(ours), str(base), str(theirs)], check=False, timeout=TIMEOUT
    )


def set_merge_driver(folder: Path, name: str, command: str) -> bool:
    """Set what merges files in this clone, unless it is set already; return whether it was not.

    Args:
        folder: The top folder of a working copy.
        name: The setting: `merge.NAME.driver`.
        command: The command, with `%O`, `%A` and `%B` for the three versions.
    """
    if _git(folder, "config", "--get", name) is not None:
        return False
    return _git(folder, "config", "--local", name, command) is not None


def head(folder: Path) -> str:
    """Return the commit that is checked out, or an empty string, without starting git.

    Args:
        folder: The top folder of a working copy.
    """
    try:
        said = (folder / ".git" / "HEAD").read_text().strip()
        reference = folder / ".git" / said.removeprefix("ref: ")
        if not said.startswith("ref: "):
            return said
        return reference.read_text().strip() if reference.is_file() else said
    except (OSError, UnicodeDecodeError):
        return ""
