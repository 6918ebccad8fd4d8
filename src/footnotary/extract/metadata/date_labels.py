"""What the words beside a day say of it: published, changed, or neither."""

import re
from typing import Literal

Kind = Literal["published", "modified"]

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
_LONGEST_LABEL = 80  # characters between a label and its day: "Published by Ann Lee in News on"
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

    Args:
        before: The words of its line before it, from the day before it on.
        behind: The words behind it, up to the next day.

    Returns:
        `published` for a label of publishing or a byline, `modified` for a label of change,
        None where neither begins the clause that the day stands in.
    """
    clause = _CLAUSE_ENDS.split(before)[-1]
    found = _CLAUSE.match(clause)
    if found and len(found["rest"]) <= _LONGEST_LABEL:
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
    """Return whether a line's words, its day taken out, are at most a weekday and a time.

    Args:
        words: The line without its day.
    """
    return not any(map(str.isalnum, _BESIDE_A_DAY.sub("", words)))
