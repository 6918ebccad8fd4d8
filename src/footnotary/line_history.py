"""Where lines of a file are now, as git knows it: moved within the file, or with the file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary.git import git_output, unfiltered_output

_MOST_BYTES = 20_000_000
_NAME = re.compile(r"[0-9a-f]{7,64}")
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


@dataclass(frozen=True)
class Hunk:
    """Lines that one version of a file has in the place of those of another.

    Attributes:
        old: First old line; the line above where there are none.
        old_count: How many old lines.
        new: First new line; the line above where there are none.
        new_count: How many new lines.
    """

    old: int
    old_count: int
    new: int
    new_count: int

    @property
    def next_old(self) -> int:
        """The first old line behind it."""
        return self.old + (self.old_count or 1)

    @property
    def next_new(self) -> int:
        """The first new line behind it."""
        return self.new + (self.new_count or 1)

    def covers(self, line: int) -> bool:
        """Return whether it replaces an old line."""
        return self.old <= line < self.old + self.old_count


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
    for hunk in _hunks(root, commit, "HEAD", path) if _NAME.fullmatch(commit) else ():
        if hunk.old <= line < hunk.next_old:
            last = hunk.next_old - 1
            return f"line {last}" if last == hunk.old else f"lines {hunk.old}-{last}"
    return ""


def lines_now(root: Path, blob: str, path: str, first: int, last: int) -> tuple[int, int] | None:
    """Return where lines of a file are in the working copy.

    Args:
        root: A folder of the working copy; `path` is relative to it.
        blob: Git's name of the file's content when the lines were cited.
        path: The file as it is called now.
        first: The first line then, 1-based.
        last: The last line then.

    Returns:
        First and last line of what is in their place; None where nothing does, or git does
        not have that content.
    """
    if not _is_kept(root, blob):
        return None
    return moved_lines(_hunks(root, blob, path), first, last)


def moved_lines(hunks: Iterable[Hunk], first: int, last: int) -> tuple[int, int] | None:
    """Return what is in the place of lines behind changes, None where nothing does."""
    begin, end = first, last
    for hunk in hunks:
        if hunk.next_old <= first:
            begin = first + hunk.next_new - hunk.next_old
        elif hunk.covers(first):
            begin = hunk.new if hunk.new_count else hunk.new + 1
        if hunk.next_old <= last:
            end = last + hunk.next_new - hunk.next_old
        elif hunk.covers(last):
            end = hunk.next_new - 1 if hunk.new_count else hunk.new
    return (begin, end) if begin <= end else None


def text_of_blob(root: Path, blob: str) -> str | None:
    """Return the content that git has under a name; None where it has none, or one too large."""
    return git_output(root, "cat-file", "blob", blob) if _is_kept(root, blob) else None


def _is_kept(root: Path, blob: str) -> bool:
    """Return whether git has a content of bearable size under a name."""
    size = git_output(root, "cat-file", "-s", blob) if _NAME.fullmatch(blob) else None
    return size is not None and int(size) <= _MOST_BYTES


def path_now(root: Path, commit: str, path: str) -> str:
    """Return what a file is called that had another name at a commit; empty where git sees none."""
    if not _NAME.fullmatch(commit):
        return ""
    words = ("diff", "--no-ext-diff", "--no-textconv", "-M", "--diff-filter=R", "--name-status")
    fields = iter(
        (unfiltered_output(root, *words, "-z", "--relative", commit, "--") or "").split("\0")
    )
    for _, before, after in zip(fields, fields, fields, strict=False):
        if before == path:
            return after
    return ""


def _hunks(root: Path, *versions: str) -> Iterator[Hunk]:
    """Yield what differs between two versions of a file; the path comes last."""
    *names, path = versions
    words = ("--literal-pathspecs", "diff", "--no-ext-diff", "--no-textconv", "-U0")
    for found in _HUNK.finditer(unfiltered_output(root, *words, *names, "--", path) or ""):
        old, old_count, new, new_count = found.groups()
        yield Hunk(int(old), int(old_count or 1), int(new), int(new_count or 1))
