"""Inspect: show what is read out of a page, and look for quotes in it; nothing is recorded.

Batches are JSON lines, one page or one quote a row, answered row by row in their order. A
row that cannot be done is answered by its error, and the rows after it are done.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from footnotary.citing import WHY_UNREADABLE
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import FootnotaryError, UsageError
from footnotary.extract import extract
from footnotary.fetch.saved import read_saved
from footnotary.files import read_regular
from footnotary.match import match_quote, weighed
from footnotary.models import Page, Response

MAX_SIDECAR = 50_000_000
_UNREADABLE = "unreadable"
ERROR = "error"
_LONGEST = 60.0  # seconds for one page, and for one quote
_MOST_KEPT = 20_000_000  # characters of the pages that are kept for further rows
_SIDECAR = "pages.jsonl"
_NOWHERE = "https://localhost/"


def read_page(
    file: Path, url: str = "", content_type: str = "", *, text_only: bool = False
) -> Page:
    """Read a page saved in a file.

    Args:
        file: The saved page.
        url: Where it was saved from; may be empty.
        content_type: The header it came with; sniffed if empty.
        text_only: As for `extract`.

    Raises:
        FetchError: The file cannot be read, or not in time; or the URL is none.
    """
    with running_deadline(Deadline(_LONGEST, str(file))):
        return extract(_response(file, url, content_type), text_only=text_only)


def match_rows(batch: Path) -> Iterator[dict[str, Any]]:
    """Look for the quote of each row on the page of that row.

    Args:
        batch: JSON lines with `file` (relative to the batch), `url` and `quote`.

    Yields:
        The row with `outcome`, `score`, `passage` and what else a refusal shows. The outcomes
        `unreadable` and `error`, which has its reason in `error` too, say nothing about the
        quote.

    Raises:
        UsageError: The batch cannot be read.
    """
    for row in _answered(batch, _matched, text_only=True):
        if "error" in row:
            yield row | {"outcome": ERROR, "reason": row["error"], "passage": ""}
        else:
            yield row


def inspect_rows(batch: Path, *, with_text: bool = False) -> Iterator[dict[str, Any]]:
    """Read the page of each row.

    Args:
        batch: JSON lines with `file` (relative to the batch) and `url`.
        with_text: Whether the text is part of the answer.

    Yields:
        The row with what `described` says, or with `error`.

    Raises:
        UsageError: The batch cannot be read.
    """
    return _answered(batch, lambda _, page: describe_page(page, with_text=with_text))


def describe_page(page: Page, *, with_text: bool = False) -> dict[str, Any]:
    """Return what was read out of a page, as JSON values."""
    fields = page.model_dump(
        mode="json", exclude={"text", "unreadable", "page_starts", "rows", "kept"}
    )
    for name in ("url", "final_url", "canonical_url"):
        if fields[name].startswith(_NOWHERE):
            fields[name] = ""  # nobody said where the file was saved from
    fields["readable"] = page.unreadable is None
    fields["reason"] = page.unreadable.value if page.unreadable else None
    fields["explanation"] = WHY_UNREADABLE[page.unreadable] if page.unreadable else None
    fields["characters"] = len(page.text)
    fields["pages"] = len(page.page_starts)
    if with_text:
        fields["text"] = page.text
    return fields


def describe_match(quote: str, page: Page) -> dict[str, Any]:
    """Return what looking for a quote gave, as JSON values."""
    with running_deadline(Deadline(_LONGEST, page.final_url)):
        found = weighed(quote, page)
        fields = (found or match_quote(quote, page)).model_dump(mode="json")
    fields["score"] = round(fields["score"], 4)
    if found is None and page.unreadable is not None:
        # Never "not there" and never "verified", however near the few words come.
        fields |= {"outcome": _UNREADABLE, "reason": page.unreadable.value}
    return fields


def _matched(row: dict[str, Any], page: Page) -> dict[str, Any]:
    """Answer a row of a batch of quotes."""
    return describe_match(_text(row, "quote", required=True), page)


def _answered(
    batch: Path,
    answer: Callable[[dict[str, Any], Page], dict[str, Any]],
    *,
    text_only: bool = False,
) -> Iterator[dict[str, Any]]:
    """Answer every row of a batch."""
    content_types = _content_types(batch.parent / _SIDECAR)

    kept: OrderedDict[tuple[str, str, str], Page] = OrderedDict()

    def page_in(file: str, url: str, content_type: str) -> Page:
        key = (file, url, content_type)
        if key not in kept:
            kept[key] = read_page(batch.parent / file, url, content_type, text_only=text_only)
            while len(kept) > 1 and sum(len(one.text) for one in kept.values()) > _MOST_KEPT:
                kept.popitem(last=False)
        return kept[key]

    for number, line in enumerate(_lines(batch), 1):
        if not line.strip():
            continue
        row: dict[str, Any] = {}
        try:
            row = _row(line)
            file = _text(row, "file", required=True)
            if "\0" in file:
                raise UsageError("Invalid 'file': it holds a null character.")
            content_type = _text(row, "content_type") or content_types.get(file, "")
            page = page_in(file, _text(row, "url"), content_type)
            yield row | answer(row, page)
        except FootnotaryError as error:
            yield row | {"error": f"line {number}: {error.message}"}


def _lines(batch: Path) -> list[str]:
    """Return the lines of a batch."""
    try:
        return batch.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f"{batch} cannot be read: {reason}.", hint="Give a file of JSON lines."
        ) from None


def _row(line: str) -> dict[str, Any]:
    """Return a line's object."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError("it is not JSON.") from None
    if not isinstance(row, dict):
        raise UsageError("it is not a JSON object.")
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise UsageError("it has half a surrogate pair.") from None
    return row


def _text(row: dict[str, Any], name: str, *, required: bool = False) -> str:
    """Return a field of a row that has to be text."""
    value = row.get(name)
    if isinstance(value, str) and (value or not required):
        return value
    if value is None and not required:
        return ""
    raise UsageError(f"its {name!r} is missing or no text.")


def _content_types(sidecar: Path) -> dict[str, str]:
    """Return the content types that a `pages.jsonl` beside the batch gives its files."""
    try:
        lines = read_regular(sidecar, MAX_SIDECAR).decode().splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    types = {}
    for line in lines:
        try:
            row = _row(line)
        except UsageError:
            continue
        file, content_type = row.get("file"), row.get("content_type")
        if isinstance(file, str) and isinstance(content_type, str):
            types[file] = content_type
    return types


def _response(file: Path, url: str, content_type: str) -> Response:
    """Return a saved page as a response."""
    response = read_saved(file, url or _NOWHERE)
    if not content_type:
        return response
    return response.model_copy(update={"headers": {"content-type": content_type}})
