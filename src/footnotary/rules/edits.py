"""Whether a record is as a reading left it: the digest of what it wrote, and the rule CIT005."""

import hashlib
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from footnotary.files import without_surrogates
from footnotary.findings import Severity
from footnotary.models import CheckOutcome, Citation
from footnotary.rules.basis import CheckedDocument, CitationLibrary, FindingPlace, Rule


def seal_record(citation: Citation) -> Citation:
    """Return the record of a reading with the digest of what it has written."""
    update = {"words_sha256": _digest(_written(citation))}
    return citation.model_copy(update={"evidence": citation.evidence.model_copy(update=update)})


def restate_record(citation: Citation, **changes: object) -> Citation:
    """Return a record with what a command changes of it; an edited one stays edited."""
    changed = citation.model_copy(update=changes)
    is_sealed = bool(citation.evidence.words_sha256) and not is_edited(citation)
    return seal_record(changed) if is_sealed else changed


def is_edited(citation: Citation) -> bool:
    """Return whether a record has a digest, and is not what that was made of.

    Digests of earlier versions leave out what is stated of the source, or any address.
    """
    known, words = citation.evidence.words_sha256, _words(citation)
    accepted = (_written(citation), (*words, citation.final_url), words)
    return bool(known) and known not in map(_digest, accepted)


def _words(citation: Citation) -> tuple[str, ...]:
    """Return quote and passage, and what of the reading dates them."""
    seen = citation.evidence
    dated = (seen.retrieved_at.isoformat(), seen.body_sha256, seen.text_sha256)
    return (citation.quote.exact, seen.passage, *dated)


def _written(citation: Citation) -> tuple[str, ...]:
    """Return all that readers, bibliographies and later checks take from a reading."""
    quote, seen = citation.quote, citation.evidence
    place = (quote.prefix, quote.suffix, quote.match, quote.section, quote.fragment)
    addresses = (citation.final_url, citation.url, seen.text_url, citation.archive_url)
    days = (citation.published, citation.modified)
    stated = (citation.title, citation.site, "\n".join(citation.authors), *map(str, days))
    return (*_words(citation), *place, *addresses, *stated, citation.stated_by, citation.license)


def _digest(parts: tuple[str, ...]) -> str:
    """Return a digest of texts as a file has them: half of a surrogate pair is U+FFFD."""
    joined = without_surrogates("\0".join(parts))
    return hashlib.sha256(joined.encode()).hexdigest()


def _cites_edited(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Markers whose record is not as a reading has left it; of a library, each once in its file."""
    for marker, keys in document.bound(library).items():
        for key in filter(None, keys):
            for place in _edits(library.citations[key]):
                words = f"{place.message[:-1]} ({key})."
                yield replace(place, message=words, line=marker.line, column=marker.column)


def _edited(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """Records that are not as a reading has left them."""
    del cited
    for key, citation in library.citations.items():
        for place in _edits(citation):
            yield f"citations/{key}.yaml", place


def _edits(citation: Citation) -> Iterator[FindingPlace]:
    """Yield what of a record is not as a reading has left it: one thing at most."""
    from footnotary.match import find_quote

    seen, quote, passage = citation.evidence, citation.quote.exact, citation.evidence.passage
    if quote not in passage and find_quote(quote, passage) is None:
        yield FindingPlace("the quote is not in the passage that was read as its evidence.")
    elif is_edited(citation):
        yield FindingPlace("what the reading wrote of the source was edited after it.")
    elif citation.accessed > _last_seen(citation):
        words = f"accessed is {citation.accessed}, a day on which nothing has read the source."
        yield FindingPlace(words)
    elif not seen.words_sha256 and not _is_of_its_key(citation):
        words = "the quote may have been edited: its key was made of other words."
        yield FindingPlace(words, 0, 0, f"cite update {citation.key}", Severity.WARNING)


def _last_seen(citation: Citation) -> date:
    """Return the last day on which a reading found the quote."""
    holding = (CheckOutcome.HELD, CheckOutcome.MOVED)
    days = [check.date for check in citation.checks if check.outcome in holding]
    return max([citation.evidence.retrieved_at.date(), *days])


def _is_of_its_key(citation: Citation) -> bool:
    """Return whether a key fits its quote, or the page has moved since it was made."""
    addresses = (citation.final_url, citation.url)
    digests = [hashlib.sha256((url + citation.quote.exact).encode()) for url in addresses]
    moved = any(check.outcome is CheckOutcome.MOVED for check in citation.checks)
    return moved or any(citation.key.endswith(digest.hexdigest()[:6]) for digest in digests)


EDITED_RECORD = Rule(
    code="CIT005",
    name="edited-record",
    severity=Severity.ERROR,
    about="A record that is not as a reading left it: its quote, passage, addresses, title,"
    " authors or days.",
    why="Somebody edited the record, or replaced words in all files: it no longer says what"
    " the page said.",
    wrong='quote "at least 2 hours", evidence "at least 24 hours"',
    right="the record as `cite` wrote it",
    fix="Restore the record from git, or cite the source again.",
    document=_cites_edited,
    library=_edited,
)
