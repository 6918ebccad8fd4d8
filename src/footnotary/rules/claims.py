"""Rules about claims: what needs a source has one, and its source says it."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from footnotary.counting import counted
from footnotary.findings import Severity
from footnotary.models import Citation, Claim, Support
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    Rule,
    document_rule,
    library_rule,
)
from footnotary.rules.sentences import Sentence

_MOST_LINES = 8


@document_rule(
    "CLM001 uncited-claim",
    Severity.WARNING,
    why="Figures, comparisons, recommendations, attributions, and statements about security"
    " or licences are what readers act on; they must be able to look them up.",
    wrong="Dependency injection makes validation 40% faster.",
    right="Dependency injection makes validation 40% faster.^[key]",
    fix='cite URL --quote "…" --claim "…" --to DOC, or say that it is your own decision',
)
def _uncited(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A sentence that needs a source and has none."""
    from footnotary.rules.claim_signals import signal_of

    del library
    if document.around.archived:
        return
    for sentence in document.sentences:
        if sentence.basis or sentence.quoted or sentence.kind == "heading":
            continue
        if sentence.line - 1 in document.asked_lines:
            continue
        signal = signal_of(sentence.claim)
        if signal:
            yield FindingPlace(f"{signal}, and no source.", sentence.line, sentence.column)


def _judged_by(*names: str) -> Callable[[CheckedDocument, CitationLibrary], Iterator[FindingPlace]]:
    """Return what judges the cited sentences of a document by some rules of claim support."""

    def judged(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
        from footnotary.rules.claim_support import unsupported_by

        for sentence, records in _cited_sentences(document, library):
            if _is_only_beside(sentence, document):
                continue
            for found in unsupported_by(sentence.text, records, names):
                yield FindingPlace(
                    f"{found.message} ({records[0].key}).",
                    sentence.line,
                    sentence.column,
                    f"The record has: “{records[0].quote.exact}”.",
                )

    return judged


@document_rule(
    "CLM009 undecided-claim",
    Severity.NOTE,
    why="No rule has found anything wrong; that is not the same as a quote that says it. Only"
    " a reader can tell.",
    wrong='Old rows go after a month.^[key]  quote: "Rows are deleted after 30 days."',
    right='Rows are deleted after 30 days.^[key]  quote: "Rows are deleted after 30 days."',
    fix="Read the quotes beside them; say it in the quote's own words where that is easy.",
)
def _undecided(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Cited sentences that do not repeat their quotes, and that no rule refuses."""
    cited = list(_cited_sentences(document, library))
    lines = [
        sentence.line
        for sentence, records in cited
        if _is_undecided(sentence, records, beside=_is_only_beside(sentence, document))
    ]
    if lines:
        count, lines = len(lines), list(dict.fromkeys(lines))
        where = ", ".join(map(str, lines[:_MOST_LINES])) + (", …" if lines[_MOST_LINES:] else "")
        of_all = f"{count} of {counted(len(cited), 'cited sentence')} (line {where})"
        yield FindingPlace(
            f"could not tell whether the quotes say {of_all}: they do not repeat"
            " whole sentences of the quotes, and no rule found a sure contradiction.",
            lines[0],
        )


def _is_undecided(sentence: Sentence, records: list[Citation], *, beside: bool) -> bool:
    """Return whether nobody can tell whether a sentence is what its quotes say."""
    from footnotary.rules.claim_support import NOTED, unsupported_by, weigh_claim

    support = weigh_claim(sentence.text, records).support
    if beside:
        return support is not Support.SUPPORTED
    return support is Support.UNDECIDED and not unsupported_by(sentence.text, records, NOTED)


def _is_only_beside(sentence: Sentence, document: CheckedDocument) -> bool:
    """Return whether the marker may be that of another cell of the row alone.

    It is the row's where its cell only points at a source, or where this cell needs one.
    """
    from footnotary.rules.claim_signals import signal_of

    if sentence.kind != "cell" or sentence.markers or signal_of(sentence.claim):
        return False
    return all(
        each.line == sentence.line and each not in document.pointing for each in sentence.covering
    )


def _cited_sentences(
    document: CheckedDocument, library: CitationLibrary, *, insisted: bool = False
) -> Iterator[tuple[Sentence, list[Citation]]]:
    """Yield the sentences whose records all read, those that their author insists on or not."""
    if document.around.archived:
        return
    keys = document.bound(library)
    for sentence in document.sentences:
        cited = [key for marker in sentence.basis for key in keys[marker]]
        records = [library.citations[key] for key in cited if key]
        if not records or not all(cited) or not sentence.text:
            continue
        if not sentence.markers and sentence.line - 1 in document.asked_lines:
            continue
        if any(_is_insisted(sentence.text, record) for record in records) is insisted:
            yield sentence, records


def _is_insisted(text: str, record: Citation) -> bool:
    """Return whether a record holds a sentence as one that its author insists on."""
    return any(claim.support is Support.INSISTED and claim.is_of(text) for claim in record.claims)


def _insisted_here(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """The cited sentences of a document that their author insists on."""
    for sentence, records in _cited_sentences(document, library, insisted=True):
        for record in records:
            if _is_insisted(sentence.text, record):
                message = f"{_about_insisted(sentence.text)} ({record.key})."
                yield FindingPlace(message, sentence.line, sentence.column)


def _about_insisted(text: str) -> str:
    """Return what there is to say of a claim that its author insists on."""
    return f"the claim “{text}” is not supported by the quote's words"


def _recorded(library: CitationLibrary) -> Iterator[tuple[Citation, Claim]]:
    """Yield each claim of a record that was not replaced."""
    for citation in library.citations.values():
        if not citation.superseded_by:
            yield from ((citation, claim) for claim in citation.claims)


@library_rule(
    "CLM006 unsupported-claim",
    Severity.ERROR,
    why="The site shows the claim beside the quote, as what the source bears out.",
    wrong='claims: [{text: "It takes 900 connections."}]  quote: "at most 100 connections"',
    right='claims: [{text: "It takes 100 connections."}]  quote: "at most 100 connections"',
    fix="Correct the claim in the record, or cite it again with --as-claimed.",
)
def _unsupported(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """A claim of a record that the record's quote does not support."""
    from footnotary.rules.claim_support import weigh_recorded

    del cited
    for citation, claim in _recorded(library):
        if claim.support is Support.INSISTED:
            continue
        weighed = weigh_recorded(claim.text, citation, library.citations.values())
        path = f"citations/{citation.key}.yaml"
        if (claim.support, weighed.support) == (Support.SUPPORTED, Support.UNDECIDED):
            message = f"the record says that its quote supports “{claim.text}”; no rule can tell."
            yield (
                path,
                FindingPlace(
                    message, fix="Write `support: undecided` in it.", severity=Severity.NOTE
                ),
            )
        for found in weighed.unsupported:
            yield (
                path,
                FindingPlace(
                    f"the claim “{claim.text}” is not supported: {found.message}.",
                    fix=f"The record has: “{citation.quote.exact}”.",
                ),
            )


def _insisted(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """Claims that their author insists on."""
    del cited
    for citation, claim in _recorded(library):
        if claim.support is Support.INSISTED:
            message = f"{_about_insisted(claim.text)}."
            yield f"citations/{citation.key}.yaml", FindingPlace(message)


CLAIM_RULES = (
    _uncited,
    Rule(
        code="CLM002",
        name="number-not-in-quote",
        severity=Severity.ERROR,
        about="A number, unit, version or day in a cited claim that its quote does not contain,"
        " or has of another thing.",
        why="The source says something, but not this.",
        wrong='Keys are kept for 2 hours.^[key]  quote: "at least 24 hours"',
        right='Keys are kept for 24 hours.^[key]  quote: "at least 24 hours"',
        fix="Correct the claim, or cite the words that have the number.",
        document=_judged_by("number", "unit", "version", "date", "binding"),
    ),
    Rule(
        code="CLM003",
        name="other-comparison",
        severity=Severity.ERROR,
        about="A bound, comparison or relation in a cited claim that its quote states the other way"
        " round, or one name in the place of another.",
        why="At most and at least, before and after, faster and slower are opposites.",
        wrong='Keys are kept for at most 24 hours.^[key]  quote: "at least 24 hours"',
        right='Keys are kept for at least 24 hours.^[key]  quote: "at least 24 hours"',
        fix="Correct the claim, or cite the words that say so.",
        document=_judged_by("comparison", "relation", "exchange"),
    ),
    Rule(
        code="CLM004",
        name="other-sense",
        severity=Severity.ERROR,
        about="A cited claim that affirms what its quote denies, or denies what it affirms.",
        why="The source says the opposite.",
        wrong='Failed requests are retried.^[key]  quote: "Failed requests are not retried."',
        right='Failed requests are not retried.^[key]  quote: "Failed requests are not retried."',
        fix="Correct the claim, or cite the words that say so.",
        document=_judged_by("negation"),
    ),
    Rule(
        code="CLM005",
        name="overstated-claim",
        severity=Severity.ERROR,
        about="A cited claim that is stronger than its quote: must for should, all for some,"
        " without its `unless`, `except` or `only if`.",
        why="What usually holds does not always hold, and readers rely on the difference.",
        wrong='Rows always come back in order.^[key]  quote: "Rows usually come back in order."',
        right='Rows usually come back in order.^[key]  quote: "Rows usually come back in order."',
        fix="Say it as the source does, or cite the words that say more.",
        document=_judged_by("strength", "condition"),
    ),
    _unsupported,
    Rule(
        code="CLM007",
        name="insisted-claim",
        severity=Severity.NOTE,
        about="A claim that its author insists on though the quote's words do not support it.",
        why="It may be true; a machine has not seen that. The site says so beside the claim.",
        wrong="support: insisted",
        right="a claim that the quote supports",
        fix="Cite words that support it.",
        document=_insisted_here,
        library=_insisted,
    ),
    Rule(
        code="CLM008",
        name="release-not-in-quote",
        severity=Severity.NOTE,
        about="A version in a cited claim that its quote does not contain, where the claim does not"
        " say that something changed with it.",
        why="It may be another release than the one that the source is about, or follow from it.",
        wrong='Node 14.2 is enough.^[key]  quote: "engines: node >= 18.18.0"',
        right='Node 18.18 is enough.^[key]  quote: "engines: node >= 18.18.0"',
        fix="Look whether the claim follows from the quote; if not, correct it.",
        document=_judged_by("release"),
    ),
    _undecided,
)
