"""Days in the lines that a reader sees near a page's title, with what is said of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from footnotary.extract.metadata.signals import (
    OwnWords,
    Signals,
    ancestors,
    element_words,
    is_article,
)
from footnotary.extract.metadata.written_dates import HAS_YEAR, dates_in

LONGEST_LINE = 200
BEFORE, BEHIND = 400, 1_500  # characters around the title
_END = 3_000  # the last characters, where pages say when they were changed
_LONGEST_LABEL = 40
_FIRST, _SHARE, _LEAST = 1.5, 0.4, 0.2  # weight of the nearest line, of each further one, the last
_APART = "pre, code, samp, kbd, table, figure, blockquote, aside, nav, h2, h3, h4, h5, h6"

Kind = Literal["published", "modified"]


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


def dated_lines(
    signals: Signals, place: OwnWords, *, day_first: bool | None
) -> Iterator[DatedLine]:
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
        words.append("".join(element_words(node).split()))
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


_PUBLISHED = (
    "published", "posted", "publication date", "date of publication", "date published", "pub date",
    "publish date", "publication", "issued", "veröffentlichung", "pubblicazione", "publicación", "created", "written", "submitted", "veröffentlicht", "erschienen",
    "geschrieben", "erstellt", "publiziert", "veröffentlichungsdatum", "erscheinungsdatum",
    "publié", "publiée", "mis en ligne", "date de publication", "rédigé", "publicado", "publicada",
    "fecha de publicación", "escrito", "pubblicato", "pubblicata", "data di pubblicazione",
    "gepubliceerd", "geplaatst", "publicerad", "publicerat", "udgivet", "publisert", "julkaistu",
    "opublikowano", "publikováno", "data de publicação", "yayınlandı", "yayınlanma tarihi",
    "опубликовано", "опубликована", "дата публикации",
)  # fmt: skip
_MODIFIED = (
    "updated", "update", "last update", "modified", "changed", "edited", "revised", "reviewed",
    "last change", "last modification", "last edit", "last revision", "date modified", "lastmod",
    "aktualisiert", "geändert", "bearbeitet", "überarbeitet", "stand", "letzte änderung",
    "mis à jour", "mise à jour", "modifié", "modifiée", "dernière modification", "actualizado",
    "actualizada", "modificado", "última actualización", "aggiornato", "aggiornata", "modificato",
    "ultimo aggiornamento", "bijgewerkt", "gewijzigd", "uppdaterad", "senast ändrad", "opdateret",
    "oppdatert", "päivitetty", "zaktualizowano", "aktualizováno", "atualizado", "última atualização",
    "güncellendi", "обновлено", "изменено", "последнее обновление",
)  # fmt: skip
# East Asian labels stand without blanks around them.
_PUBLISHED_EAST = (
    "公開日", "公開", "投稿日", "掲載日", "掲載", "発行日", "作成日", "发布", "發布", "发表", "發表",
    "发布时间", "發佈", "게시일", "게시", "등록일", "등록", "작성일", "입력",
)  # fmt: skip
_MODIFIED_EAST = (
    "更新日", "最終更新日", "最終更新", "最后更新", "最後更新", "更新时间", "更新", "修訂", "修订",
    "수정일", "수정", "최종수정",
)  # fmt: skip
_BYLINE = "by|von|par|por|di|door|av|af"


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# Words before a label that change nothing: "This article was first", "Page last", "Dieser Text".
_OPENING = (
    r"(?:(?:this|the|page|article|post|entry|document|story|blog|first|originally|last|was|is|on|date"
    r"|dieser|diese|dieses|die|der|das|seite|artikel|beitrag|text|zuletzt|erstmals|wurde|am"
    r"|article|cet|cette|dernière|première|fois|le|el|la|il|última|ultimo|vez|document[oa]?)\s+){0,6}"
)
_CLAUSE = re.compile(
    rf"^\W*{_OPENING}(?:(?P<published>{_any_of(_PUBLISHED)})|(?P<modified>{_any_of(_MODIFIED)})"
    rf"|(?P<byline>{_BYLINE}))\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_EAST = re.compile(
    rf"(?:(?P<modified>{_any_of(_MODIFIED_EAST)})|(?P<published>{_any_of(_PUBLISHED_EAST)}))"
    r"(?:日|时间|時間|于|於)?[\s:\uff1a]*$"
)
_BEHIND = re.compile(
    rf"^\W{{0,3}}(?:(?:last|zuletzt)\s+)?(?:(?P<published>{_any_of(_PUBLISHED)})"
    rf"|(?P<modified>{_any_of(_MODIFIED)}))\b|^\s*(?:(?P<published_east>{_any_of(_PUBLISHED_EAST)})"
    rf"|(?P<modified_east>{_any_of(_MODIFIED_EAST)}))",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(
    r"\s[|·•–—/-]\s|[|·•;()\[\]]|(?<=[^\W_]{3})[.!?]\s|,\s(?=updated|last|modified)"
)
_LONGEST_LABEL_LABELS = (
    80  # characters between a label and its day: "Published by Ann Lee in News on"
)
_DAY_NAMES = [
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lun",
    "mar",
    "mer",
    "jeu",
    "ven",
    "sam",
    "dim",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "segunda",
    "terça",
    "quarta",
    "quinta",
    "sexta",
    "feira",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "måndag",
    "tisdag",
    "onsdag",
    "torsdag",
    "fredag",
    "lördag",
    "söndag",
    "poniedziałek",
    "wtorek",
    "środa",
    "czwartek",
    "piątek",
    "sobota",
    "niedziela",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
]
_BESIDE_A_DAY = re.compile(
    rf"\b(?:{'|'.join(_DAY_NAMES)})\b|\b\d{{1,2}}[:.h]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?"
    r"|\b(?:am|pm|utc|gmt|uhr|at|um|à|on|le|den|el|a las|[ec][sd]t|cest?|date|datum|fecha|data)\b|[+-]\d\d:?\d\d"
    r"|[月火水木金土日一二三四五六]曜?日?|星期",
    re.IGNORECASE,
)


def kind_of(before: str, behind: str = "") -> Kind | None:
    """Return what the words on either side of a day say of it.

    Returns:
        `published` for a label of publishing or a byline, `modified` for a label of change,
        None where neither begins the clause that the day is in.
    """
    clause = _CLAUSE_ENDS.split(before)[-1]
    found = _CLAUSE.match(clause)
    if found and len(found["rest"]) <= _LONGEST_LABEL_LABELS:
        return "modified" if found["modified"] else "published"
    east = _EAST.search(before)
    if east:
        return "modified" if east["modified"] else "published"
    if any(map(str.isalpha, clause)):
        return None
    after = _BEHIND.match(behind)
    if after is None:
        return None
    return "modified" if after["modified"] or after["modified_east"] else "published"


def is_bare(words: str) -> bool:
    """Return whether a line's words, its day taken out, are at most a weekday and a time."""
    return not any(map(str.isalnum, _BESIDE_A_DAY.sub("", words)))
