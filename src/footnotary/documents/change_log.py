"""A document's own change log: what each refresh since its date found changed in the code."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from footnotary.documents import escape

HEADING = "Changes since this document was written"
REGION = "log"


class Refresh(BaseModel):
    """What one refresh found.

    Attributes:
        day: When.
        commit: The commit that the project was at; empty where there is none.
        breaking: Changes that break callers or writers, as Markdown.
        others: Other changes, as Markdown.
        note: What else is to be said, such as why two readings were not compared; or empty.
        lost: Which facts it had to do without, as a clause; empty where none are lost.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    commit: str = ""
    breaking: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    note: str = ""
    lost: str = ""

    @property
    def count(self) -> int:
        """How many changes it found."""
        return len(self.breaking) + len(self.others)


class ChangeLog(BaseModel):
    """What changed since a document's date, newest last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    refreshes: tuple[Refresh, ...] = ()

    @property
    def tells_loss(self) -> bool:
        """Whether it says that facts of the document's date are lost."""
        return any(one.lost for one in self.refreshes)

    def with_refresh(self, found: Refresh) -> "ChangeLog":
        """Return the log with one refresh more; one of the same day and commit is joined."""
        last = self.refreshes[-1] if self.refreshes else None
        if last is None or (last.day, last.commit) != (found.day, found.commit):
            return self.model_copy(update={"refreshes": (*self.refreshes, found)})
        joined = found.model_copy(
            update={
                "breaking": tuple(dict.fromkeys((*last.breaking, *found.breaking))),
                "others": tuple(dict.fromkeys((*last.others, *found.others))),
                "note": found.note or last.note,
                "lost": found.lost or last.lost,
            }
        )
        return self.model_copy(update={"refreshes": (*self.refreshes[:-1], joined)})


def rendered_log(log: ChangeLog) -> str:
    """Return a change log as Markdown; empty where nothing changed."""
    if not log.refreshes:
        return ""
    return "\n\n".join([f"## {HEADING}", render_refreshes(log)])


def render_refreshes(log: ChangeLog) -> str:
    """Return what each refresh found as Markdown, without a heading."""
    return "\n\n".join(map(_rendered, log.refreshes))


def not_compared(lost: str) -> str:
    """Return what is said where facts are lost, as a sentence."""
    return f"Could not be compared: {lost}."


def _rendered(one: Refresh) -> str:
    """Return what one refresh found."""
    at = f", commit {escape.code(one.commit)}" if one.commit else ""
    lines = [f"- **Breaking:** {words}" for words in one.breaking]
    lines += [f"- {words}" for words in one.others]
    lines += [f"- {not_compared(one.lost)}"] if one.lost else []
    lines += [f"- {one.note}"] if one.note else []
    return f"**{one.day}**{at}:\n\n" + "\n".join(lines)
