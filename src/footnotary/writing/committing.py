"""`doc commit`: the documents and citations alone, with a message that says what they are."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from footnotary import git
from footnotary.documents.kinds import FOLDERS
from footnotary.errors import FootnotaryError, UsageError
from footnotary.files import TEMPORARY
from footnotary.git import Change
from footnotary.project import Project

_TIMEOUT = 120.0


@dataclass(frozen=True)
class PendingCommit:
    """What `doc commit` would commit.

    Attributes:
        root: The top folder of the working copy.
        changes: The documents and citations that differ from the last commit.
        message: The suggested message.
    """

    root: Path
    changes: tuple[Change, ...]
    message: str


def pending(project: Project) -> PendingCommit:
    """Return the documents and citations that are not committed.

    Raises:
        UsageError: The project is no working copy of git, or nothing is pending.
    """
    repository = git.read_repository(project.root)
    if repository is None:
        raise no_repository(project)
    folders = tuple(
        folder.resolve().relative_to(repository.root.resolve()).as_posix() + "/"
        for folder in _folders(project)
    )
    changes = tuple(
        change
        for each in repository.changes
        for change in _files(repository.root, each)
        if change.path.startswith(folders) and not fnmatch(change.path, f"*/{TEMPORARY}")
    )
    if not changes:
        raise UsageError(
            "No document and no citation has changed.", hint="`git status` shows everything else."
        )
    if any(change.status == "conflicted" for change in changes):
        raise UsageError("A merge conflict is not resolved.", hint="Resolve it and run again.")
    return PendingCommit(repository.root, changes, _message(changes))


def no_repository(project: Project) -> UsageError:
    """Return the error for a project of which git can tell nothing, with git's reason."""
    reason, advice = git.refusal(project.root)
    return UsageError(
        f"git does not read this repository: {reason}."
        if reason
        else "This project is not a git repository.",
        hint=advice or "`git init` makes it one.",
    )


def commit_documents(project: Project, found: PendingCommit, message: str) -> str:
    """Commit documents and citations, and nothing else.

    Raises:
        FootnotaryError: Git, or one of the user's hooks, refuses.
    """
    folders = [
        str(folder)
        for folder in _folders(project)
        if folder.exists() or _run(found.root, "ls-files", "--", str(folder))  # all of it removed
    ]
    unfinished = f":(exclude,glob)**/{TEMPORARY}"  # what another process is writing
    _run(found.root, "add", "--all", "--", *folders, unfinished)
    staged = ("diff", "--cached", "--name-only", "--no-renames", "--")
    changed = [folder for folder in folders if _run(found.root, *staged, folder)]
    _run(found.root, "commit", "--quiet", "--message", message, "--only", "--", *changed)
    return _run(found.root, "rev-parse", "--short", "HEAD").strip()


def _folders(project: Project) -> Iterator[Path]:
    """Yield the folders that are ours: others keep files beside them."""
    for top in (project.current, project.archive):
        yield from (top / kind.folder for kind in FOLDERS)
    yield project.citations


def _files(root: Path, change: Change) -> tuple[Change, ...]:
    """Return the files of a change: git names a new folder, not what is in it."""
    if not change.path.endswith("/"):
        return (change,)
    found = sorted(path for path in (root / change.path).rglob("*") if path.is_file())
    return tuple(Change(change.status, path.relative_to(root).as_posix()) for path in found)


def _message(changes: tuple[Change, ...]) -> str:
    """Return a message in the Conventional Commits form."""
    prefixes = tuple(f"{kind.prefix}-" for kind in FOLDERS)
    names = {Path(change.path) for change in changes}
    documents = sorted({p.stem for p in names if p.suffix == ".md" and p.name.startswith(prefixes)})
    records = [c for c in changes if c.path.endswith(".yaml")]
    if not documents:
        many = f"{len(records)} citations" if len(records) != 1 else Path(records[0].path).stem
        return f"docs(citations): record {many}" if records else git.suggested_message(changes)
    kinds = {name.partition("-")[0].lower() for name in documents}
    scope = next(iter(kinds)) if len(kinds) == 1 else "docs"
    what = documents[0] if len(documents) == 1 else f"{len(documents)} documents"
    verb = "add" if all(c.status in ("added", "untracked") for c in changes) else "update"
    return f"docs({scope}): {verb} {what}".replace("docs(docs)", "docs")


def _run(root: Path, *words: str) -> str:
    """Run git as the user would, hooks included."""
    try:
        done = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(root), *words],  # noqa: S607  the user's own git
            capture_output=True,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FootnotaryError(f"git {words[0]} could not be run: {error}.") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise FootnotaryError(
            f"git {words[0]} failed.", hint=said.splitlines()[0] if said else "", detail=said
        )
    return done.stdout
