"""Days in the lines that a reader sees near a page's title, with what is said of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from footnotary.extract.metadata.date_labels import Kind, is_bare, kind_of
from footnotary.extract.metadata.signals import Place, Signals, ancestors, is_article, words_of
from footnotary.extract.metadata.written_dates import HAS_YEAR, dates_in

LONGEST_LINE = 200
BEFORE, BEHIND = 400, 1_500  # characters around the title
_END = 3_000  # the last characters, where pages say when they were changed
_LONGEST_LABEL = 40
_FIRST, _SHARE, _LEAST = 1.5, 0.4, 0.2  # weight of the nearest line, of each further one, the last
_APART = "pre, code, samp, kbd, table, figure, blockquote, aside, nav, h2, h3, h4, h5, h6"


@dataclass(frozen=True)
class DatedLine:
    """A day in a line near the title.

    Attributes:
        day: The day.
        kind: What the words beside it say it is; None where they say nothing.
        weight: How much the line counts.
    """

    day: date
    kind: Kind | None
    weight: float


def dated_lines(signals: Signals, place: Place, *, day_first: bool | None) -> Iterator[DatedLine]:
    """Yield the days in lines near the title, the nearest first, and days of change at the end.

    Args:
        signals: What the page says of itself.
        place: Where the page's own words stand.
        day_first: What `5/4/2020` means on this page; None leaves it open.
    """
    text, title_at = place.text, place.title_at
    behind = text[title_at : title_at + BEHIND].split("\n")
    before = text[max(0, title_at - BEFORE) : title_at].split("\n")
    near = [*_with_year(behind), *reversed(list(_with_year(before)))]
    last = [line for line in _with_year(text[-_END:].split("\n")) if line not in near]
    if not near and not last:
        return
    article = is_article(signals)
    apart, everywhere = _words_apart(signals, place.spine), "".join(text.split())
    weight = _FIRST
    for line in near:
        if weight < _LEAST:
            break
        if _is_apart(line, apart, everywhere):
            continue
        for day, kind in labelled_days(line, day_first=day_first):
            alone: Kind | None = "published" if article and _is_day_alone(line, day_first) else None
            yield DatedLine(day, kind or alone, weight)
            weight *= _SHARE
    for line in last:
        for day, kind in labelled_days(line, day_first=day_first):
            if kind == "modified" and not _is_apart(line, apart, everywhere):
                yield DatedLine(day, kind, _LEAST)


def _with_year(lines: list[str]) -> Iterator[str]:
    """Yield the short lines that name a year, behind the label that is a line of its own."""
    label = ""
    for line in lines:
        if len(line) <= LONGEST_LINE and HAS_YEAR.search(line):
            yield f"{label} {line}" if label.endswith((":", "\uff1a")) else line
        label = line.rstrip() if len(line) <= _LONGEST_LABEL else ""


def _words_apart(signals: Signals, spine: frozenset[int]) -> str:
    """Return the words, without blanks, of what does not speak for the page: code, tables, asides."""
    inside: set[int] = set()
    words = []
    for node in signals.tree.css(_APART):
        if node.mem_id in spine or any(around.mem_id in inside for around in ancestors(node)):
            continue
        inside.add(node.mem_id)
        words.append("".join(words_of(node).split()))
    return "\n".join(words)


def _is_apart(line: str, apart: str, everywhere: str) -> bool:
    """Return whether a line's words occur nowhere but in what does not speak for the page."""
    words = "".join(line.split())
    found = apart.count(words)
    return found > 0 and everywhere.count(words) <= found


def labelled_days(line: str, *, day_first: bool | None) -> list[tuple[date, Kind | None]]:
    """Return the days in a line, each with what the words beside it say it is.

    Args:
        line: A line of a page.
        day_first: What `5/4/2020` means on this page; None leaves it open.
    """
    days = dates_in(line, day_first=day_first)
    found, at = [], 0
    for number, (start, end, day) in enumerate(days):
        behind = line[end : days[number + 1][0]] if number + 1 < len(days) else line[end:]
        found.append((day, kind_of(line[at:start], behind)))
        at = end
    return found


def _is_day_alone(line: str, day_first: bool | None) -> bool:  # noqa: FBT001  three answers
    """Return whether a line is one day and nothing else; beside an article's title it dates it."""
    days = dates_in(line, day_first=day_first)
    return len(days) == 1 and is_bare(line[: days[0][0]] + line[days[0][1] :])
