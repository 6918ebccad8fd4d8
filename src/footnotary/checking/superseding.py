"""Sources that something newer has replaced: RFCs, DOIs, and pages that say so themselves."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from footnotary.errors import FetchError
from footnotary.extract.plain import json_value
from footnotary.fetch import Fetches
from footnotary.models import Citation, Response

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
CSL_JSON = "application/vnd.citationstyles.csl+json"
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
        return newer_doi(_asked(record, CSL_JSON, fetcher))
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
