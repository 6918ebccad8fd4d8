"""A search engine of the user's own (SearXNG), and which search found what.

What it finds was neither read nor checked: `cite` does that. A page that is cited later gets the
terms that found it, so that the Research Context needs nobody's care.
"""

from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from footnotary import clock
from footnotary.errors import FetchError, HttpStatusError, UsageError
from footnotary.fetch import Fetches
from footnotary.text_index import TextIndex

_FORBIDDEN = 403
_MOST_NAMED = 10
_JSON_HINT = "Its settings.yml must list json under search.formats."
# To whoever searched, example.org/a and example.org/a/#b are the same page.


class WebHit(BaseModel):
    """A result of a search engine; nothing of it was read or checked."""

    url: str
    title: str = ""
    content: str | None = None


class _Answer(BaseModel):
    """SearXNG's JSON (its documentation, "Search API", `format=json`)."""

    results: list[WebHit]
    unresponsive_engines: list[tuple[str, str] | str] = []


def search_web(
    terms: str, instance: str, fetcher: Fetches, index: TextIndex, *, limit: int = 10
) -> list[WebHit]:
    """Ask a SearXNG instance, and remember what it found.

    Args:
        terms: What to search for.
        instance: Its address, such as `http://127.0.0.1:8888`.
        fetcher: Reads the web; it must be allowed to ask the instance.
        index: Remembers the terms with each address.
        limit: How many results at most.

    Returns:
        What was found, best first, each address once.

    Raises:
        UsageError: There are no terms, or no instance.
        FetchError: The instance does not answer as it should.
    """
    if not terms.strip():
        raise UsageError("There is nothing to search for.", hint="Give at least one word.")
    if not instance:
        raise UsageError(
            "No search engine is set.",
            hint='Set searxng = "http://127.0.0.1:8888", the address of a SearXNG instance, in'
            " [tool.footnotary] of pyproject.toml.",
        )
    query = urlencode({"q": terms, "format": "json"})
    answer = _answer(f"{instance.rstrip('/')}/search?{query}", instance, fetcher)
    hits = answer.results
    if not hits and answer.unresponsive_engines:
        raise FetchError(
            f"{instance} found nothing, and these search engines did not answer it:"
            f" {_named(answer.unresponsive_engines)}.",
            hint="Try again later, or enable other engines in its settings.yml.",
        )
    pages = {hit.url: hit for hit in hits if _is_of_the_web(hit.url)}
    found = list(pages.values())[:limit]
    index.remember(terms, [_address(hit.url) for hit in found], clock.today())
    return found


def terms_that_found(url: str, index: TextIndex) -> tuple[str, ...]:
    """Return the terms of the last search of the web that found an address; none if none did."""
    terms = index.terms_for(_address(url))
    return (terms,) if terms else ()


def _answer(address: str, instance: str, fetcher: Fetches) -> _Answer:
    """Ask the instance."""
    try:
        return _Answer.model_validate_json(fetcher.get(address, accept="application/json").body)
    except HttpStatusError as error:
        if error.status != _FORBIDDEN:
            raise
        raise FetchError(f"{instance} does not answer in JSON (403).", hint=_JSON_HINT) from None
    except ValidationError:
        raise FetchError(f"{instance} does not answer in JSON.", hint=_JSON_HINT) from None


def _named(engines: list[tuple[str, str] | str]) -> str:
    """Return search engines with the reasons why they did not answer."""
    named = [one if isinstance(one, str) else f"{one[0]} ({one[1]})" for one in engines]
    return ", ".join(named[:_MOST_NAMED])


def _is_of_the_web(url: str) -> bool:
    """Return whether a result is a page: engines also list magnet links and files."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _address(url: str) -> str:
    """Return an address without its fragment and last slash."""
    return url.strip().partition("#")[0].removesuffix("/")
