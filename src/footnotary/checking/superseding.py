"""Where else a source is: at what has replaced it (RFCs, DOIs, pages), and in an archive."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import FetchError, ResponseRefused, UnreadableError, UsageError
from footnotary.extract import extract
from footnotary.extract.plain import json_value
from footnotary.fetch import Fetches
from footnotary.fetch.urls import parse
from footnotary.match import weighed
from footnotary.models import Citation, How, Response
from footnotary.records import RecordStore
from footnotary.rules.edits import restate_record

REPLAY = re.compile(r"/\d{14}(?:[a-z]{2}_)?/https?:/")


def snapshot(url: str, fetcher: Fetches, endpoint: str) -> Response:
    """Ask an archive for a snapshot of a page.

    Args:
        url: The page.
        fetcher: Asks the archive.
        endpoint: The archive's URL in which `{url}` stands for the page's: a Save Page Now
            service, or a Memento TimeGate.

    Returns:
        The archive's answer, with `how` = archive; its `final_url` is the snapshot's.

    Raises:
        UsageError: The endpoint has no `{url}`.
        FetchError: The archive cannot be reached, refuses, or made no snapshot.
    """
    if "{url}" not in endpoint:
        raise UsageError(
            f"The archive {endpoint!r} cannot be asked: its URL has no {{url}}.",
            hint="Set archive in [tool.footnotary], such as https://web.archive.org/save/{url}.",
        )
    page = parse(url, any_port=True).href
    response = fetcher.get(endpoint.replace("{url}", page))
    address = _snapshot_address(response)
    if not address:
        raise ResponseRefused(
            f"{endpoint.partition('{url}')[0]} answered without a snapshot of {page}.",
            hint="Try again later, or make one by hand and open it in a browser.",
        )
    return response.model_copy(update={"final_url": address, "how": How.ARCHIVE})


def _snapshot_address(response: Response) -> str:
    """Return the URL of the snapshot that an answer is, or names."""
    headers = response.headers
    if "memento-datetime" in headers or REPLAY.search(response.final_url):
        return response.final_url
    here = headers.get("content-location", "").strip()
    if here and (url := urljoin(response.final_url, here)).startswith(("http://", "https://")):
        return url
    return next(linked_addresses(response, "memento"), "")


def archive_source(
    citation: Citation, store: RecordStore, fetcher: Fetches, endpoint: str
) -> Citation:
    """Have an archive keep a page, make sure that the copy has the quote, and record it.

    Args:
        citation: Whose page is to be kept.
        store: Where the record is.
        fetcher: Asks the archive.
        endpoint: The archive's URL, with `{url}` for the page's.

    Raises:
        FetchError: The archive cannot be reached, or made no snapshot.
        UnreadableError: There is a snapshot, but it does not have the quote.
    """
    response = snapshot(citation.evidence.text_url or citation.final_url, fetcher, endpoint)
    address = response.final_url
    with running_deadline(Deadline(fetcher.timeout, address)):
        has_quote = _has_quote(citation, response) or _has_quote(
            citation, fetcher.get(address, asked_for=endpoint)
        )
    if not has_quote:
        raise UnreadableError(
            f"The snapshot {address} does not have the quote of {citation.key}, so it was"
            " not recorded.",
            reason="snapshot",
            hint="Open it in a browser to see what the archive was shown.",
        )
    return store.change(citation.key, lambda current: restate_record(current, archive_url=address))


def _has_quote(citation: Citation, response: Response) -> bool:
    """Return whether an answer is a page with the citation's quote."""
    hit = weighed(citation.quote.exact, extract(response))
    return hit is not None and hit.found


RFC_HOSTS = frozenset(
    {
        "datatracker.ietf.org",
        "httpwg.org",
        "tools.ietf.org",
        "www.ietf.org",
        "www.rfc-editor.org",
        "rfc-editor.org",
    }
)
DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
RFC_NUMBER = re.compile(r"/rfc0*(\d{1,5})(?![0-9])", re.IGNORECASE)
RFC_INDEX = "https://www.rfc-editor.org/rfc/rfc{number}.json"
DOI_RESOLVER = "https://doi.org/{doi}"
_CSL_JSON = "application/vnd.citationstyles.csl+json"
REPLACED = ("is-replaced-by", "is-preprint-of")
_LINK = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel\s*=\s*"?([^",;]*)')


def has_registry(url: str) -> bool:
    """Return whether somebody other than the page knows what replaces it."""
    return (urlsplit(url).hostname or "") in RFC_HOSTS | DOI_HOSTS


def successor(citation: Citation, response: Response, fetcher: Fetches) -> str:
    """Return the URL of what replaced a source, or an empty string.

    Args:
        citation: The record.
        response: Its source as it is now; a `Link` header may name the successor
            (RFC 5829 `successor-version`).
        fetcher: Asks the RFC Editor's index or the DOI's registry, for sources there.
    """
    parts = urlsplit(citation.url)
    host = parts.hostname or ""
    if host in RFC_HOSTS and (number := RFC_NUMBER.search(parts.path)):
        index = RFC_INDEX.format(number=number[1])
        return newer_rfc(_asked(index, "application/json", fetcher))
    if host in DOI_HOSTS:
        record = DOI_RESOLVER.format(doi=quote(parts.path.lstrip("/"), safe="/%"))
        return newer_doi(_asked(record, _CSL_JSON, fetcher))
    newer = linked_addresses(response, "successor-version")
    return next((url for url in newer if url != response.final_url), "")


def newer_rfc(entry: dict[str, Any]) -> str:
    """Return the URL of the newest RFC that an index entry names as obsoleting it.

    Args:
        entry: The RFC Editor's JSON of one RFC; `obsoleted_by` lists names like `RFC9110`.
    """
    names = entry.get("obsoleted_by")
    found = re.findall(r"RFC\s*0*(\d{1,5})", str(names), re.IGNORECASE) if names else []
    return f"https://www.rfc-editor.org/rfc/rfc{found[-1]}" if found else ""


def newer_doi(record: dict[str, Any]) -> str:
    """Return the URL of what a DOI's record names as its replacement, retraction or update.

    Args:
        record: CSL-JSON as Crossref and DataCite give it, with `relation` and `updated-by`.
    """
    relation = record.get("relation")
    related = relation if isinstance(relation, dict) else {}
    entries = [entry for name in REPLACED for entry in _list(related.get(name))]
    for entry in [*entries, *_list(record.get("updated-by"))]:
        if isinstance(entry, dict):
            doi = str(entry.get("id") or entry.get("DOI") or "").removeprefix("https://doi.org/")
            if re.fullmatch(r"10\.\d{4,9}/\S+", doi):
                return f"https://doi.org/{doi}"
    return ""


def linked_addresses(response: Response, relation: str) -> Iterator[str]:
    """Yield the web addresses that an answer's `Link` header names (RFC 8288).

    Args:
        response: The answer.
        relation: What they are to it, such as `successor-version` (RFC 5829).
    """
    for target, relations in _LINK.findall(response.headers.get("link", "")):
        url = urljoin(response.final_url, target.strip()) if target.strip() else ""
        if relation in relations.lower().split() and url.startswith(("http://", "https://")):
            yield url


def _asked(url: str, accept: str, fetcher: Fetches) -> dict[str, Any]:
    """Return a JSON object from a registry; empty where there is none to be had."""
    try:
        data = json_value(fetcher.get(url, accept=accept).body)
    except FetchError:
        return {}
    return data if isinstance(data, dict) else {}


def _list(value: object) -> list[Any]:
    """Return a JSON value as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
