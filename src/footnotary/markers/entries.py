"""Entries of the Sources block in their forms, and values of the Research Context."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from html.entities import codepoint2name

from footnotary.facts.research import ResearchTrail
from footnotary.markers.spans import escaped, escaped_opening, unescaped
from footnotary.markers.structure import FORMS
from footnotary.models import Citation

ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
CITE = re.compile(r"<!--\s*cite:\s*((?:decision:)?[A-Za-z0-9._-]+)\s*-->")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ACCESSED = re.compile(r"(?:Accessed|Retrieved)(?:\s++on)?\s*+:?\s*+", re.IGNORECASE)
_ACCESSED_TEXT = re.compile(r"(\[[^\]]*+\]|[^\]\s]*+(?>(?:\s(?!-\s)[^\]\s]*+)*))\]?\s*(?=$|\s-\s)")
_ACCESSED_DAY = re.compile(
    r"(?:Accessed|Retrieved)(?:\s++on)?\s*+:?\s*+\[?"
    r"(\d{4}-\d\d-\d\d|\w+ \d{1,2},? \d{4}|\d{1,2} \w+ \d{4})\s*[\])]*",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]]+)\]\(<?(https?://[^\s()<>]+(?:\([^\s()]*\))?)>?\)", re.IGNORECASE)
_BETWEEN = " -\u2013\u2014.,;:|"
_OPENING = re.compile(r"[\"“]")


@dataclass(frozen=True)
class SourceEntry:
    """One entry of the Sources block.

    Attributes:
        title: Title of the source.
        url: Its address; empty where the entry has none.
        accessed: The day, where the entry states one.
        accessed_text: What is in place of the day, such as `[current date]`.
        quote: The quote; empty where the entry has none.
        note: Words behind the day that are no quote.
        number: The number in brackets, or that of the list item.
        key: Key of the citation, where the entry names one.
        line: Its first line.
        text: Its Markdown behind the number, as it is written, without the key.
        written: The same with the key.
        form: How its markers are written; as a footnote it is its definition, `[^1]: …`.
    """

    title: str
    url: str
    accessed: date | None
    accessed_text: str
    quote: str
    note: str
    number: int = 0
    key: str = ""
    line: int = 0
    text: str = ""
    written: str = ""
    form: str = FORMS[0]


def number_entry(number: int, written: str, form: str) -> str:
    """Return the Markdown of an entry behind its number, in one of the forms of markers."""
    return (
        f"[{number}] {written}" if form == FORMS[0] else f"[^{number}]: {escaped_opening(written)}"
    )


def read_source_entry(
    number: int, written: str, line: int = 0, form: str = FORMS[0]
) -> SourceEntry:
    """Read one entry, in the seed's form or one of its variants.

    Args:
        number: Its number.
        written: The Markdown behind it; further paragraphs are its author's remarks.
        line: Its first line.
        form: How its number is written.
    """
    cite = CITE.search(written)
    text = written[: cite.start()].rstrip(" \t") + written[cite.end() :] if cite else written
    text = text.rstrip()
    paragraph = re.split(r"\n[ \t]*\n", text.lstrip(), maxsplit=1)[0]
    return replace(
        _parsed(on_one_line(paragraph)),
        number=number,
        key=cite[1] if cite else "",
        line=line,
        text=text,
        written=written.rstrip(),
        form=form,
    )


def on_one_line(markdown: str) -> str:
    """Return Markdown without line wraps and backslash escapes (CommonMark 0.31.2, 2.4)."""
    return _ESCAPED.sub(r"\1", " ".join(markdown.split()))


def remark_in(entry: SourceEntry, quote: str) -> str:
    """Return what an author wrote into the entry of a record, as it is written.

    Args:
        entry: The entry.
        quote: The record's quote, which is ours, as are title, address and day.
    """
    end = _quote_end(entry.text, quote) if quote else 0
    if end:
        return entry.text[end:]
    cite = CITE.search(entry.written)
    before, behind = (
        (entry.written[: cite.start()], entry.written[cite.end() :]) if cite else (entry.text, "")
    )
    ours = _parsed(on_one_line(before))
    below = "" if ours.quote or ours.note else before.rstrip().partition("\n")[2]
    return (f" {ours.note}" if ours.note else "") + (f"\n{below}" if below else "") + behind


def remark_behind(entry: SourceEntry) -> str:
    """Return what an author wrote behind the key of an entry, as it is written."""
    cite = CITE.search(entry.written)
    return entry.written[cite.end() :] if cite else ""


def _quote_end(text: str, quote: str) -> int:
    """Return where words in quotation marks end, however their signs are escaped; 0 without."""
    words = quote.split()
    plain = f'"{" ".join(words)}"'
    start = text.find(plain)
    if start >= 0 and "\\" not in plain and not {'"', "“"}.intersection(text[:start]):
        return start + len(plain)  # compiling a pattern of each quote costs more than all else here
    found = re.search(r"[\"“]" + r"\s+".join(map(_has_signs, words)) + r"[\"”]", text)
    return found.end() if found else 0


def _has_signs(word: str) -> str:
    """Return a pattern of one word."""
    return "".join(map(_sign, word))


@cache
def _sign(sign: str) -> str:
    """Return a pattern of one sign: itself, escaped, or a character reference."""
    if sign.isalnum():
        return sign
    named = codepoint2name.get(ord(sign))
    name = f"|&{named};" if named else ""
    return rf"(?:\\?{re.escape(sign)}|&#{ord(sign)};{name})"


def _parsed(plain: str) -> SourceEntry:
    """Read what an entry says."""
    title, url, behind = _addressed(plain)
    accessed = _ACCESSED_DAY.search(behind) or _accessed_text(behind)
    said = accessed[1].strip() if accessed else ""
    after = behind[accessed.end() :] if accessed else behind
    quoted = _quoted(after)
    begins = bool(quoted) and after.lstrip(_BETWEEN).startswith(quoted)
    is_quote = begins and (after.strip(_BETWEEN) == quoted or not _OPENING.search(quoted[1:-1]))
    note = after.replace(quoted, "", 1).strip(_BETWEEN) if is_quote else after.strip(" -")
    return SourceEntry(
        title=unescaped(_without_dash(title)),
        url=unescaped(url),
        accessed=_day(said),
        accessed_text=said,
        quote=unescaped(quoted[1:-1]) if is_quote else "",
        note=unescaped(note),
    )


def _accessed_text(text: str) -> re.Match[str] | None:
    """Return what is in the place of a day, up to a dash, a bracket or the end."""
    failed = -1  # a text that ends in a bracket, and so that nothing may follow, does for all in it
    for label in _ACCESSED.finditer(text):
        if label.end() <= failed:
            continue
        found = _ACCESSED_TEXT.match(text, label.end())
        if found:
            return found
        failed = text.find("]", label.end())
    return None


def _quoted(text: str) -> str:
    """Return a text from its first opening quotation mark to its last closing one."""
    opening = _OPENING.search(text)
    closing = max(text.rfind('"'), text.rfind("”"))
    return text[opening.start() : closing + 1] if opening and opening.start() < closing else ""


def _without_dash(title: str) -> str:
    """Return a title without the dash or bar that parts it from what follows."""
    words = title.rstrip()
    return (words[:-1] if words.endswith(("-", "\u2013", "\u2014", "|")) else words).strip()


def _addressed(plain: str) -> tuple[str, str, str]:
    """Return what is before the address of an entry, the address, and what is behind."""
    if link := _LINK.search(plain):
        return plain[: link.start()] + link[1], link[2], plain[link.end() :]
    address = ADDRESS.search(plain)
    if address is None:
        title = plain.partition(" - ")[0]
        return title, "", plain[len(title) :]
    url = address[1].rstrip(".,;")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;")
    return plain[: address.start()], url, plain[address.end() :]


def _day(said: str) -> date | None:
    """Return an ISO date that somebody wrote, or None."""
    try:
        return date.fromisoformat(said.strip("[] "))
    except ValueError:
        return None


DAY, TERMS, RECENCY, _VERSIONS = LABELS = (
    "Analysis Date",
    "Search Terms Used",
    "Data Recency",
    "Versions",
)
_NO_TERMS = "none recorded"
_NO_TRAIL = ResearchTrail()
_DAY = re.compile(r"\d{4}-\d\d-\d\d|[A-Z]\w+ \d{1,2},? \d{4}|\d{1,2} [A-Z]\w+ \d{4}")
_RECENCY = re.compile(
    r"no sources|oldest source [\d-]{10}, newest [\d-]{10}; \d+ of \d+ older than \d+ days"
)
_TERM = re.compile(r'"([^"]*)"')
_TERM_LIST = re.compile(r'"[^"]*"(?:, "[^"]*")*')
_PLACEHOLDER = re.compile(r"(?:\[[^\]]*\])?")


@dataclass(frozen=True)
class ContextFacts:
    """What the Research Context of a document is made of.

    Attributes:
        day: The day of the analysis.
        cited: The records that the document cites, and those that the trail of a note quotes.
        known: All records, which tell whose a search term is.
        versions: Installed versions of the libraries that the document is about.
        former: Libraries that were named when it was last written.
        stale_after_days: Age in days from which a source counts as old.
        trail: The trail of a research note; None where it does not read.
    """

    day: date
    cited: Sequence[Citation]
    known: Collection[Citation]
    versions: Mapping[str, str]
    former: Collection[str]
    stale_after_days: int
    trail: ResearchTrail | None = _NO_TRAIL

    def value(self, label: str, before: str) -> str:
        """Return what is under a label from now on; empty where nothing is known."""
        is_blank = _PLACEHOLDER.fullmatch(before) is not None
        if self.trail is None and label in (TERMS, RECENCY):
            return before
        if label == DAY:
            day = self.day.isoformat()
            return day if is_blank else _DAY.sub(day, before, count=1)
        if label == RECENCY:
            found = _RECENCY.match(before)
            behind = before[found.end() :] if found else ""
            return self._recency() + behind if found or is_blank else before
        return self._terms("" if is_blank else before) if label == TERMS else self._listed(before)

    def _terms(self, before: str) -> str:
        """Return the search terms: of the records, of the trail, and what the author named."""
        of_records = (term for each in self.cited for term in each.search_terms)
        own = dict.fromkeys((*of_records, *(self.trail.terms if self.trail else ())))
        if before and before != _NO_TERMS and not _TERM_LIST.fullmatch(before):
            said = _words(before)
            return ", ".join([before, *(f'"{escaped(t)}"' for t in own if t not in said)])
        named = [term for term in map(_words, _TERM.findall(before)) if term not in own]
        recorded = {term for each in self.known for term in each.search_terms} if named else ()
        own |= dict.fromkeys(term for term in named if term not in recorded)
        return ", ".join(f'"{escaped(term)}"' for term in own) or _NO_TERMS

    def _recency(self) -> str:
        """Say how old the sources are: by their own date, else by the day they were read."""
        days = sorted(each.published or each.accessed for each in self.cited)
        if not days:
            return "no sources"
        limit = self.day - timedelta(days=self.stale_after_days)
        old = sum(1 for each in days if each < limit)
        return (
            f"oldest source {days[0].isoformat()}, newest {days[-1].isoformat()};"
            f" {old} of {len(days)} older than {self.stale_after_days} days"
        )

    def _listed(self, before: str) -> str:
        """Return the versions: those that were read, and those that the author named."""
        own = dict(self.versions)
        for each in self.cited:
            own = {name: it for name, it in each.versions.items() if name != "commit"} | own
        remarks: dict[str, str] = {}
        others: list[str] = []
        for piece in filter(None, before.split(", ")):
            name, _, said = piece.partition(" ")
            name = _words(name)
            if name in own:
                remarks[name] = said.partition(" ")[2]
            elif name not in self.former and all(name not in each.versions for each in self.known):
                others.append(piece)
        listed = (f"{escaped(name)} {escaped(own[name])}" for name in sorted(own))
        with_remarks = (
            f"{one} {remarks[name]}" if remarks.get(name) else one
            for name, one in zip(sorted(own), listed, strict=True)
        )
        return ", ".join([*with_remarks, *others])


def _words(markdown: str) -> str:
    """Return the words behind Markdown that `escaped` wrote and a formatter may have rewritten."""
    return unescaped(on_one_line(markdown))


def analysis_date(before: str) -> date | None:
    """Return the day that an Analysis Date states, if it states one."""
    found = _DAY.search(before)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
