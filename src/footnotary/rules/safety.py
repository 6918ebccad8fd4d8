"""Rules about safety: nothing secret, nothing active, nothing that asks third parties."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from footnotary.findings import Severity
from footnotary.markers.spans import code_spans, with_spans
from footnotary.rules.basis import CheckedDocument, CitationLibrary, FindingPlace, Rule
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


def _secrets(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """What looks like a secret; its value is never shown."""
    del library
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


def _active(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """HTML that runs or loads something."""
    del library
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


def _remote(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """What makes the reader's browser ask a third party."""
    del library
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


SAFETY_RULES = (
    Rule(
        code="SAF001",
        name="secret",
        severity=Severity.ERROR,
        about="What looks like a key, token or password.",
        why="Documents are published and read by agents; a secret in one is a secret no more.",
        wrong="a cloud provider's access key in a sample",
        right="the name of the variable that holds it",
        fix="Take it out, and replace the secret: it is in git's history.",
        document=_secrets,
    ),
    Rule(
        code="SAF002",
        name="active-html",
        severity=Severity.ERROR,
        about="HTML that runs or loads something.",
        why="Text that came from a page elsewhere must not run in the reader's browser.",
        wrong="<script>…</script>",
        right="the words alone, or a code sample",
        fix="Write it as a code sample, or as Markdown.",
        document=_active,
    ),
    Rule(
        code="SAF003",
        name="third-party-request",
        severity=Severity.WARNING,
        about="An image, script or frame that the reader's browser loads from elsewhere.",
        why="It tells others who reads what, and fails where there is no network.",
        wrong="![badge](https://img.example/badge.svg)",
        right="![badge](badge.svg)",
        fix="Keep a copy beside the document.",
        document=_remote,
    ),
)
