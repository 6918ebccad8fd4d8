"""Rules about claims: what needs a source has one, and its source has the same numbers."""

from collections.abc import Iterator

from footnotary.findings import Severity
from footnotary.models import Citation
from footnotary.rules.basis import CheckedDocument, Library, Place, Rule


def _uncited(document: CheckedDocument, library: Library) -> Iterator[Place]:
    """Sentences that need a source and have none."""
    from footnotary.rules.claim_signals import signal_of

    del library
    if document.around.archived:
        return
    skeleton = document.around.placeholders()
    for sentence in document.sentences:
        if sentence.covered or sentence.quoted or sentence.kind == "heading":
            continue
        if sentence.source.split("\n", 1)[0].strip() in skeleton:
            continue
        signal = signal_of(sentence.claim)
        if signal:
            yield Place(f"{signal}, and no source.", sentence.line, sentence.column)


def _other_numbers(document: CheckedDocument, library: Library) -> Iterator[Place]:
    """Numbers in a cited claim that none of its quotes contains."""
    from footnotary.match.numbers import unsupported

    if document.around.archived:
        return
    keys = document.bound(library)
    for sentence in document.sentences:
        records = [
            library.citations[key] for marker in sentence.markers for key in keys[marker] if key
        ]
        unread = any(not key for marker in sentence.markers for key in keys[marker])
        if not records or unread:
            continue
        missing = unsupported(sentence.text, [each.quote.exact for each in records]) and (
            unsupported(sentence.text, [words for each in records for words in _said(each)])
        )
        if missing:
            yield Place(
                f"{', '.join(missing)} stands in the claim, but not in the quote of"
                f" {records[0].key}.",
                sentence.line,
                sentence.column,
                f"The record has: “{records[0].quote.exact}”.",
            )


def _said(record: Citation) -> Iterator[str]:
    """Yield what a record bears out: its quote, its title, its dates, the versions it is about."""
    yield record.quote.exact
    yield record.title
    yield from (day.isoformat() for day in (record.accessed, record.published) if day)
    yield from (f"{name} v{version}" for name, version in record.versions.items())


CLAIM_RULES = (
    Rule(
        code="CLM001",
        name="uncited-claim",
        severity=Severity.WARNING,
        about="A sentence that needs a source and has none.",
        why="Figures, comparisons, recommendations, attributions, and statements about security"
        " or licences are what readers act on; they must be able to look them up.",
        wrong="Dependency injection makes validation 40% faster.",
        right="Dependency injection makes validation 40% faster.^[key]",
        mend='cite URL --quote "…" --claim "…" --to DOC, or say that it is your own decision',
        document=_uncited,
    ),
    Rule(
        code="CLM002",
        name="number-not-in-quote",
        severity=Severity.ERROR,
        about="A number or version in a cited claim that its quote does not contain.",
        why="The source says something, but not this.",
        wrong='Keys are kept for 2 hours.^[key]  quote: "at least 24 hours"',
        right='Keys are kept for 24 hours.^[key]  quote: "at least 24 hours"',
        mend="Correct the claim, or cite the words that have the number.",
        document=_other_numbers,
    ),
)
