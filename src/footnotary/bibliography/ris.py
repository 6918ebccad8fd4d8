"""RIS (Research Information Systems, `TY - ELEC`); quote, claims and change are notes, `N1`."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import rispy

from footnotary.bibliography.entry import (
    Bibliography,
    PersonName,
    Reference,
    change_note,
    changed_day,
    collapse_space,
    is_own_key,
    natural_name,
    parse_reference_day,
    read_doi,
    split_tags,
)

_CLAIM = "Claim: "
_COMMA, _FOR_COMMA = ", ", "\u00a0"
_BEGIN = re.compile(r"^\ufeff?TY {1,3}-", re.MULTILINE)
_END = re.compile(r"^ER {1,3}-", re.MULTILINE)
_LINE = re.compile(r"^\ufeff?([A-Z][A-Z0-9]) {1,3}- ?", re.MULTILINE)
_WRAPPED = re.compile(r"\n(?![A-Z][A-Z0-9] {1,3}-)")  # which rispy would take for another note
_NOTE = re.compile(
    r"\s*<(p|div|h[1-6]|ul|ol|blockquote|pre|span|strong|em|b|i|a)\b[^>]*>.*</\w+>\s*"
)
_TAG = re.compile(r"</?(\w+)[^<>]*>")
_INLINE = ("a", "b", "code", "em", "i", "span", "strong", "sub", "sup", "u")
_URLS = re.compile(r"\s*;\s*(?=https?://)")


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Writes references without a number above each, which is no part of the format."""

    def set_header(self, count: int) -> str:  # noqa: ARG002  rispy's signature
        """Return what is above a reference: nothing."""
        return ""


def write_ris(entries: Iterable[Reference]) -> str:
    """Return a .ris file."""
    found = [_reference(entry) for entry in entries]
    return str(rispy.dumps(found, implementation=_Writer)) if found else ""


def read_ris(text: str) -> Bibliography:
    """Read a .ris file; broken references are named by their lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begins = [found.start() for found in _BEGIN.finditer(text)]
    found: list[Reference] = []
    broken: list[str] = []
    if text.strip() and not begins:
        broken.append("line 1: no reference begins with `TY  - `.")
    line, at = 1, 0
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=False):
        line, at = line + text.count("\n", at, begin), begin
        closed = _END.search(text, begin, end)
        if closed is None:
            broken.append(f"line {line}: the reference does not end with `ER  - `.")
            continue
        lines = _WRAPPED.sub(" ", text[begin : closed.start()].rstrip())
        whole = _LINE.sub(r"\1  - ", lines) + "\nER  - \n"
        found += map(_entry, rispy.loads(whole, delimiter_tags_mapping={}))
    return Bibliography(tuple(found), tuple(broken))


def _reference(entry: Reference) -> dict[str, Any]:
    """Return one reference; empty fields are left out, all text is on one line."""
    day = entry.published
    notes = [entry.quote, *(_CLAIM + claim for claim in entry.claims), change_note(entry)]
    reference: dict[str, Any] = {
        "id": entry.key,
        "title": entry.title,
        "authors": [_author(name, person) for name, person in entry.people()],
        "publisher": entry.site,
        "year": str(day.year) if day else "",
        "date": day.isoformat().replace("-", "/") if day else "",
        "access_date": entry.accessed.isoformat().replace("-", "/") if entry.accessed else "",
        "urls": [entry.url] if entry.url else [],
        "notes": [collapse_space(note) for note in notes if note],
        "keywords": list(entry.tags),
        "file_attachments1": entry.archive_url,
    }
    filled = {name: value for name, value in reference.items() if value}
    return {"type_of_reference": "ELEC"} | filled


def _author(name: str, person: PersonName | None) -> str:
    """Return an author as `Last, First`; a comma at the end keeps a name whole.

    A suffix is written behind the family name, where every reader keeps it with the person: some
    expect it second, others third. A comma inside a name would part it: a no-break space is in
    its place, by which we know it again.
    """
    if person is None:
        return f"{name.replace(_COMMA, _FOR_COMMA)}," if {" ", ","} & set(name) else name
    return f"{person.last} {person.suffix}".strip() + f", {person.given}"


def _name(written: str) -> str:
    """Return an author's name in its natural order."""
    bare = written.rstrip(" ,")
    if bare == written or "," in bare:  # `Last, First,` has an empty suffix
        return natural_name(bare)
    return collapse_space(bare.replace(_FOR_COMMA, _COMMA))


def _entry(found: dict[str, Any]) -> Reference:
    """Return what a reference says."""
    key = str(found.get("id", ""))
    is_own = is_own_key(key)
    notes = [collapse_space(note if is_own else _without_tags(note)) for note in _notes(found)]
    ours = notes[1:] if is_own else notes  # the quote is the first, whatever it begins with
    claims = [note.removeprefix(_CLAIM) for note in ours if note.startswith(_CLAIM)]
    changes = [day for day in map(changed_day, ours) if day]
    quotes = [note for note in ours if not note.startswith(_CLAIM) and not changed_day(note)]
    urls = [url for line in found.get("urls", ()) for url in _URLS.split(str(line))]
    title = found.get("title") or found.get("primary_title") or ""
    authors = dict.fromkeys([*found.get("first_authors", ()), *found.get("authors", ())])
    return Reference(
        key=key,
        url=urls[0] if urls else str(found.get("url") or read_doi(str(found.get("doi", "")))),
        title=collapse_space(str(title)),
        site=str(found.get("publisher", "")),
        authors=tuple(filter(None, (_name(str(name)) for name in authors))),
        published=_first_day(found, "date", "year", "publication_year"),
        modified=changes[0] if changes else None,
        accessed=_first_day(found, "access_date"),
        quote=next(iter(notes[:1] if is_own else quotes), ""),
        claims=tuple(claims),
        tags=split_tags(",".join(map(str, found.get("keywords", ())))),
        archive_url=str(found.get("file_attachments1", "")),
    )


def _first_day(found: dict[str, Any], *names: str) -> Any:
    """Return the first of some fields that states a day."""
    days = (parse_reference_day(str(found.get(name, ""))) for name in names)
    return next(filter(None, days), None)


def _notes(found: dict[str, Any]) -> Iterator[str]:
    """Yield the notes of a reference."""
    yield from map(str, found.get("notes", ()))
    yield from map(str, filter(None, [found.get("research_notes")]))


def _without_tags(note: str) -> str:
    """Return the words of a note that is HTML, as Zotero writes them; blocks are set apart."""
    if not _NOTE.fullmatch(note):
        return note
    return unescape(_TAG.sub(lambda tag: "" if tag[1] in _INLINE else " ", note))
