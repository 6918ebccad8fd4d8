"""What git knows of the project: branch, last commit, pending changes.

Read through the `git` executable, without locks, hooks, pagers or the file-system monitor,
so that reading never changes the repository and never runs what it configures.
"""

import hashlib
import os
import subprocess
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from footnotary.files import is_there

TIMEOUT = 20.0
_MOST_CHANGED = 2_000  # paths that are given to one command
_SEPARATOR = "\x1f"
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "log.showSignature=false")
_QUIET = ["--no-pager", "--no-optional-locks"]
_QUIET += [word for setting in _SETTINGS for word in ("-c", setting)]


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


def read_repository(folder: Path) -> Repository | None:
    """Read the state of the repository that holds a folder.

    Returns:
        The state, or None where there is no repository, no git, or none that git will
        read (another owner, a broken store).
    """
    top = git_output(folder, "rev-parse", "--show-toplevel")
    if top is None or not top.rstrip("\n"):
        return None
    root = Path(top.rstrip("\n"))
    status = unfiltered_output(root, "status", "--porcelain=v1", "-z", "--untracked-files=normal")
    branch = git_output(root, "symbolic-ref", "--short", "--quiet", "HEAD")
    return Repository(
        root=root,
        branch=(branch or "").strip(),
        commit=next(iter(last_commits(root, 1)), None),
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
    listed = git_output(
        folder, "ls-files", "-z", *(["--", f":(icase,literal){name}"] if name else ())
    )
    return None if listed is None else frozenset(filter(None, listed.split("\0")))


def changed_files(folder: Path, commit: str = "") -> frozenset[Path] | None:
    """Return the files that differ from a commit, committed since or not, and untracked ones.

    What git ignores is not among them. A file that was renamed is there under both names.

    Args:
        folder: Any folder of a working copy.
        commit: The commit; the last one if empty, and every file before the first.

    Returns:
        Absolute paths, of files that are gone too; None where there is no repository, no such
        commit, or git cannot read it.
    """
    top = (git_output(folder, "rev-parse", "--show-toplevel") or "").rstrip("\n")
    asked = ("--verify", "--quiet", "--end-of-options", f"{commit or 'HEAD'}^{{commit}}")
    name = (git_output(folder, "rev-parse", *asked) or "").strip()
    if not top or (commit and not name):
        return None
    root = Path(top)
    how = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z")
    listed = unfiltered_output(root, "diff", *how, name, "--") if name else ""
    others = git_output(
        root, "ls-files", "-o", "--exclude-standard", "-z", *([] if name else ["--cached"])
    )
    if listed is None or others is None:
        return None
    return frozenset(root / path for path in (listed + others).split("\0") if path)


def refusal(folder: Path) -> tuple[str, str]:
    """Return why git does not read the repository that a folder is in, in its own words.

    Returns:
        The reason and what git advises, such as for a repository that another user owns; both
        empty where there is no repository, or git reads it.
    """
    if not _is_in_repository(folder):
        return "", ""
    done = _run(folder, ("rev-parse", "--git-dir"))
    if done is None or not done.returncode:
        return ("git could not be run", "Install git.") if done is None else ("", "")
    reason, *advice = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    return reason.removeprefix("fatal: "), " ".join(" ".join(advice).split())


def blob_names(folder: Path, paths: Collection[str]) -> list[str] | None:
    """Return git's names of files' contents, line ends as it keeps them; None if it cannot tell."""
    hashed = unfiltered_output(folder, "hash-object", "--", *paths) if paths else ""
    return None if hashed is None else hashed.split()


def digest(folder: Path, leave_out: Collection[str] = ()) -> str:
    """Return a digest of the files below a folder, committed or not, as they are now.

    Args:
        folder: Any folder of a working copy.
        leave_out: Folders, relative to it, with `/`, that do not count.

    Returns:
        The digest, the same in every copy of the same files; empty where git cannot tell. Files
        that git ignores do not count.
    """
    left = [f":(exclude){one}" for one in leave_out]
    staged = git_output(folder, "ls-files", "-s", "-z", "--", ".", *left)
    changed = unfiltered_output(
        folder, "ls-files", "-m", "-o", "--exclude-standard", "-z", "--", ".", *left
    )
    if staged is None or changed is None:
        return ""
    rows = (one.partition("\t") for one in staged.split("\0") if one)
    known = {path: row.rsplit(" ", 1)[0] for row, _, path in rows}
    paths = sorted(set(filter(None, changed.split("\0"))))
    there = [path for path in paths if (folder / path).is_file()]
    hashed = blob_names(folder, there) if len(there) <= _MOST_CHANGED else None
    if hashed is None:
        return ""
    known |= dict.fromkeys(paths, "gone")
    for path, name in zip(there, hashed, strict=False):
        known[path] = f"{100755 if os.access(folder / path, os.X_OK) else 100644} {name}"
    listed = "".join(f"{name} {path}\0" for path, name in sorted(known.items()) if name != "gone")
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()


def ignored(folder: Path) -> frozenset[str]:
    """Return what git ignores below a folder: files, and folders with `/` at their end.

    Returns:
        Paths relative to it; none where there is no repository, or the folder itself is ignored
        in one that is about something else.
    """
    listed = git_output(folder, "ls-files", "-o", "-i", "--exclude-standard", "--directory", "-z")
    found = frozenset(filter(None, (listed or "").split("\0")))
    return frozenset() if "./" in found else found


def would_ignore(folder: Path, *paths: str) -> frozenset[str]:
    """Return those of some paths that the repository ignores, or would if they were there.

    What the user's own configuration ignores is of no account: it differs between machines.
    """
    asked = ("-c", "core.quotePath=false", "-c", "core.excludesFile=/dev/null", "check-ignore")
    found = git_output(folder, *asked, "--", *paths)
    if found is None or git_output(folder, *asked, "-q", "--", ".") is not None:
        return frozenset()
    return frozenset(found.splitlines())


def git_output(folder: Path, *words: str) -> str | None:
    """Return what git prints, or None if it fails."""
    done = _run(folder, words)
    return done.stdout.decode("utf-8", "replace") if done and not done.returncode else None


def unfiltered_output(folder: Path, *words: str) -> str | None:
    """Return what git prints of files, without the filters that the repository itself sets.

    A filter is a program. Those of the user's own configuration, such as of Git LFS, are run.
    """
    listed = git_output(folder, "config", "--show-scope", "-z", "--get-regexp", r"^filter\..*")
    fields = iter((listed or "").split("\0"))
    pairs = zip(fields, fields, strict=False)
    drivers = {
        setting.split("\n")[0].rpartition(".")[0]
        for scope, setting in pairs
        if scope in ("local", "worktree")
    }
    off = [f"{one}.{end}" for one in drivers for end in ("clean=", "process=", "required=false")]
    return git_output(folder, *(word for setting in off for word in ("-c", setting)), *words)


def _is_in_repository(folder: Path) -> bool:
    """Tell whether git would find a repository, from a folder upwards."""
    here = Path(os.path.realpath(folder))
    return any(is_there(above / ".git") for above in (here, *here.parents))


def _run(folder: Path, words: Sequence[str]) -> subprocess.CompletedProcess[bytes] | None:
    """Run git without anything that it could run or change; None where it could not be run.

    Where there is no repository it is not started: most of what it is asked, it would refuse.
    """
    if "hash-object" not in words and not _is_in_repository(folder):
        return None
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(folder), *_QUIET, *words],  # noqa: S607  the user's own git
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def last_commits(root: Path, most: int) -> tuple[Commit, ...]:
    """Return the commits that HEAD leads to, newest first; none before the first one."""
    form = f"--format=%H{_SEPARATOR}%cd{_SEPARATOR}%s"
    said = git_output(root, "log", f"-{most}", "--date=short", "-z", form)
    rows = (one.split(_SEPARATOR, 2) for one in (said or "").split("\0") if one)
    return tuple(Commit(*parts) for parts in rows if len(parts) == 3)  # noqa: PLR2004  of --format


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
    folders = Counter(
        (_plain(path.parent.name) if path.parent.name not in {"", "src"} else "") for path in paths
    )
    name, count = folders.most_common(1)[0]
    return name if name and 2 * count > len(paths) else ""


def _plain(name: str) -> str:
    """Keep the characters of a name that are safe in one line of text."""
    kept = "".join(character for character in name if character.isalnum() or character in "._-")
    return kept[:60] or "files"


def merge_text(ours: Path, base: Path, theirs: Path) -> None:
    """Merge three versions of a text file as git does, with conflict markers where it must."""
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
    if git_output(folder, "config", "--get", name) is not None:
        return False
    return git_output(folder, "config", "--local", name, command) is not None
