"""Rules about sources and safety: records agree, nothing is secret, active or foreign."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from footnotary.findings import Severity
from footnotary.markers.spans import code_spans, with_spans
from footnotary.models import CheckOutcome, Citation
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    document_rule,
)
from footnotary.secrecy.credentials import CredentialForm, credentials_in, forms_in
from footnotary.secrecy.texts import secret_cells_in

# Passwords are told by what is around them; other credentials by their form alone.
_PASSWORDS = (
    CredentialForm(
        "a password in a URL",
        re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@`\"'<>]+:([^\s@/`\"'<>]{4,})@"),
        ("://",),
    ),
    CredentialForm(
        "a secret",
        re.compile(
            r"(?i)\b(?:password|passwd|secret(?:_key)?|api_?key|access_?token|auth_?token)\b"
            r"[\"'`]?\s*[:=]\s*[\"'`]?([^\s\"'`,;<>]{8,})"
        ),
        ("passw", "secret", "key", "token"),
    ),
)
_HARMLESS = re.compile(
    r"(?i)change|example|your|secret|password|placeholder|dummy|test|xxx|\*\*\*|\.\.\.|…|<|\$|\{|"
    r"env|none|null|true|false|str\b|field|redacted|postgres|user|admin|\(|\["
)
# A name of the code, such as a column's beside a table `api_key`.
_NAME = re.compile(r"[a-z]+(?:_[a-z]+)+")
ENTROPY = 3.0
_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|form|meta|link|base|style|svg)\b|\son[a-z]+\s*=|javascript:",
    re.IGNORECASE,
)
_REMOTE = re.compile(
    r"!\[[^\]]*\]\(\s*<?(https?://[^\s)>]+)|<(?:img|script|iframe|video|audio|source|link)\b[^>]*"
    r"(?:src|href)\s*=\s*[\"']?(https?://[^\s\"'>]+)",
    re.IGNORECASE,
)


@document_rule(
    "SAF001 secret",
    Severity.ERROR,
    why="Documents are published and read by agents; a secret in one is a secret no more.",
    wrong="a cloud provider's access key in a sample",
    right="the name of the variable that holds it",
    fix="Take it out, and replace the secret: it is in git's history.",
)
def _find_secrets(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """What looks like a key, token or password."""
    forms = [
        form for form in forms_in(document.text, _PASSWORDS) if form.pattern.search(document.text)
    ]
    known = any(True for _ in credentials_in(document.text))
    for number, line in enumerate(document.lines if forms or known else (), 1):
        found = [*(credentials_in(line.text) if known else ()), *_passwords(line.text, forms)]
        if found:
            name, where = found[0]
            yield FindingPlace(f"{name} is in the text.", number, where.start() + 1)
    for begin, end in secret_cells_in(document.text):
        if not _harmless(document.text[begin:end]):
            number = document.text.count("\n", 0, begin) + 1
            yield FindingPlace("a secret is in a table.", number)


def _passwords(line: str, forms: Sequence[CredentialForm]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the passwords on a line that are none of those which examples use."""
    for form in forms:
        found = form.pattern.search(line)
        if found and not _harmless(found[1]):
            yield form.name, found


def _harmless(value: str) -> bool:
    """Return whether a value is one that examples use."""
    return (
        bool(_HARMLESS.search(value))
        or _NAME.fullmatch(value) is not None
        or entropy_of(value) < ENTROPY
    )


def entropy_of(text: str) -> float:
    """Return the Shannon entropy of a text in bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


@document_rule(
    "SAF002 active-html",
    Severity.ERROR,
    why="Text that came from a page elsewhere must not run in the reader's browser.",
    wrong="<script>…</script>",
    right="the words alone, or a code sample",
    fix="Write it as a code sample, or as Markdown.",
)
def _active(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """HTML that runs or loads something."""
    if document.around.archived:
        return
    for block in document.blocks:
        if block.kind in ("code", "long") or "<" not in block.content:
            continue
        text = with_spans(block.content, code_spans(block.content), lambda _: "")
        found = _ACTIVE.search(text) if "<" in text else None
        if found:
            line = block.first + text.count("\n", 0, found.start())
            yield FindingPlace(f"active HTML: {found[0].strip()}.", line)


@document_rule(
    "SAF003 third-party-request",
    Severity.WARNING,
    why="It tells others who reads what, and fails where there is no network.",
    wrong="![badge](https://img.example/badge.svg)",
    right="![badge](badge.svg)",
    fix="Keep a copy beside the document.",
)
def _remote(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """An image, script or frame that the reader's browser loads from elsewhere."""
    if document.around.archived:
        return
    for block in document.blocks:
        if block.kind == "code" or "http" not in block.content:
            continue
        text = with_spans(block.content, code_spans(block.content), lambda _: "")
        for found in _REMOTE.finditer(text):
            line = block.first + text.count("\n", 0, found.start())
            host = (found[1] or found[2]).split("/")[2]
            yield FindingPlace(f"the reader's browser is sent to {host}.", line)


SAFETY_RULES = (_find_secrets, _active, _remote)


_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?![\w])")
_NEGATION = {"not", "no", "never", "without"}
_MINIMUM_WORDS = 4
SERIES = 3


def contradictions(citations: Iterable[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield pairs of records that contradict each other, and how.

    Records about different versions of a library do not contradict.
    """
    alike: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        words = [word for word in _tokens(citation.quote.exact) if word not in _NEGATION]
        if not citation.superseded_by and len(words) >= _MINIMUM_WORDS:
            alike[" ".join("#" if _NUMBER.fullmatch(w) else w for w in words)].append(citation)
    for group in alike.values():
        yield from _pairs(group)


def _pairs(group: list[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield the contradictions among records with the same words.

    Many versions of one sentence are a series (rows of a table, releases), no contradiction;
    so are sentences that differ in more than one number.
    """
    versions: dict[tuple[tuple[str, ...], int], Citation] = {}
    for citation in group:
        quote = citation.quote.exact
        versions.setdefault((tuple(_NUMBER.findall(quote)), _denied(quote)), citation)
    if not 1 < len(versions) <= SERIES:
        return
    for at, ((numbers, denied), first) in enumerate(versions.items()):
        for (others, other_denied), second in list(versions.items())[at + 1 :]:
            if first.versions and second.versions and first.versions != second.versions:
                continue
            differing = [
                f"{one} against {other}"
                for one, other in zip(numbers, others, strict=False)
                if one != other
            ]
            if len(differing) == 1:
                yield first, second, differing[0]
            elif not differing and denied != other_denied:
                yield first, second, "one of them denies what the other says"


def _tokens(quote: str) -> list[str]:
    """Return the words and numbers of a quote in lower case, contractions spelled out."""
    text = quote.lower().replace("’", "'").replace("cannot", "can not").replace("won't", "will not")
    text = text.replace("can't", "can not").replace("n't", " not")
    return re.findall(r"[-+]?\d+(?:[.,]\d+)*|[^\W\d][\w'-]*", text)


def _denied(quote: str) -> int:
    """Return how many negations a quote has."""
    return sum(1 for word in _tokens(quote) if word in _NEGATION)


@document_rule(
    "CIT007 source-no-longer-holds",
    Severity.ERROR,
    why="The claim rests on words that the page no longer has.",
    wrong="checks: [{date: 2026-11-01, outcome: changed}]",
    right="checks: [{date: 2026-11-20, outcome: held}]",
    fix="cite update KEY; doc check --fix cites the successor of one that was superseded",
    fixable=True,
)
def _held(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A source that its last check found changed or gone, or that was superseded."""
    for place, citation in _cited_sources(document, library):
        last = citation.checks[-1] if citation.checks else None
        if citation.superseded_by:
            yield FindingPlace(
                f"{citation.key} was superseded by {citation.superseded_by}.",
                *place,
                f"doc check --fix {document.path}",
            )
        elif _is_own_file(citation):
            continue  # looked at where it is, see below
        elif last and last.outcome in (CheckOutcome.CHANGED, CheckOutcome.GONE):
            detail = f" ({last.detail})" if last.detail else ""
            yield FindingPlace(
                f"the source {citation.key} was found {last.outcome.value} on {last.date}{detail}.",
                *place,
                f"cite update {citation.key}",
            )


def last_fresh_day(citation: Citation, library: CitationLibrary) -> tuple[date, int, int]:
    """Return when a source was last seen, how old it may get, and the last day it is not old.

    The last one is an ordinal (`date.toordinal`), which has no end.
    """
    limits = [
        library.stale_after_days_by_tag[tag]
        for tag in citation.tags
        if tag in library.stale_after_days_by_tag
    ]
    limit = min(limits, default=library.stale_after_days)
    held = [check.date for check in citation.checks if check.outcome is CheckOutcome.HELD]
    seen = max([citation.accessed, *held])
    return seen, limit, seen.toordinal() + limit


@document_rule(
    "CIT006 old-source",
    Severity.WARNING,
    why="Pages change; what was true of a version two years ago may not be now.",
    wrong="accessed: 2023-01-10",
    right="accessed: 2026-11-20",
    fix="cite update KEY",
)
def _old(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A source that was last seen longer ago than the limit."""
    for place, citation in _cited_sources(document, library):
        if _is_own_file(citation):
            continue
        seen, limit, last = last_fresh_day(citation, library)
        if library.today.toordinal() > last:
            yield FindingPlace(
                f"the source {citation.key} was last seen on {seen}, more than {limit} days ago.",
                *place,
                f"cite update {citation.key}",
            )


@document_rule(
    "CIT012 own-file-changed",
    Severity.ERROR,
    about="Cited lines of the project's own files that have changed (in Python and YAML their"
    " indentation too), are gone or not tracked by git, were not read (a warning), or have"
    " moved (a note).",
    why="The file is here, so no network is needed to see that it says something else.",
    wrong="^[key] of src/app/config.py:15, where `timeout = 30` is `timeout = 60` by now",
    right="^[key] of the line as it is",
    fix="cite update KEY",
    fixable=True,
)
def _own_files(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Lines of the project's own files that are not what was cited any more."""
    for place, citation in _cited_sources(document, library):
        said = document.around.own_file(citation.key) if _is_own_file(citation) else ""
        if not said or citation.superseded_by:
            continue
        reading, detail, diff = said.split("\n")
        key, where = citation.key, citation.final_url
        if reading == "moved":
            message = f"{where} is {detail} ({key})."
            yield FindingPlace(
                message, *place, f"doc check --fix, or cite update {key}", Severity.NOTE
            )
        elif reading == "changed":
            words = f"{where} has changed: {diff or detail} ({key})."
            yield FindingPlace(words, *place, f"cite update {key} --accept takes the new words")
        elif reading == "untracked":
            fix = f"git add {detail.partition(' ')[0]}, or cite another file"
            yield FindingPlace(f"{detail}, so nobody else can check it ({key}).", *place, fix)
        elif reading == "gone":
            yield FindingPlace(
                f"{detail} ({key}).", *place, f"Cite other lines, then cite rm {key}"
            )
        else:
            message = f"{where} was not read, so it is unknown whether it holds: {detail} ({key})."
            yield FindingPlace(message, *place, f"cite check {key} says more", Severity.WARNING)


def _is_own_file(citation: Citation) -> bool:
    """Return whether a source is a file of the project."""
    return "://" not in citation.url


def _cited_sources(
    document: CheckedDocument, library: CitationLibrary
) -> Iterator[tuple[tuple[int, int], Citation]]:
    """Yield each record that a current document cites, where it does so first."""
    if document.around.archived:
        return
    seen: set[str] = set()
    for marker, keys in document.bound(library).items():
        for key in keys:
            if key and key not in seen:
                seen.add(key)
                yield (marker.line, marker.column), library.citations[key]


SOURCE_RULES = (_old, _held, _own_files)
