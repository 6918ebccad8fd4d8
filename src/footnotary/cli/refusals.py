"""What `cite` says when it writes nothing: what the page says instead, and who says the quote."""

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING

from footnotary.cli.options import Printing
from footnotary.cli.printing import echo, print_json
from footnotary.counting import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from footnotary.citing import Overclaimed, Refused
    from footnotary.config import Settings
    from footnotary.match.matching import Match
    from footnotary.project import Project
    from footnotary.searching.web import Attribution, ReadPages, SayingPage

    Options = Collection[tuple[str, str | bool]]


class QuoteLookup:
    """The pages that were read, to look refused quotes up in.

    Args:
        project: Whose records and index.
        settings: Where the cache is.
    """

    def __init__(self, project: "Project", settings: "Settings") -> None:
        self._folder = settings.cache_dir
        self._allow_private = settings.allow_private
        self._project = project
        self._pages: ReadPages | None = None

    def look_up(self, quote: str, but: "Collection[str]") -> "Attribution":
        """Look a refused quote up."""
        from footnotary.cache import Cache
        from footnotary.searching.web import Attribution, ReadPages

        if not self._folder.is_dir() and not self._project.citations.is_dir():
            return Attribution()
        if self._pages is None:
            cache = Cache(self._folder, create=False)
            self._pages = ReadPages(self._project, cache, allow_private=self._allow_private)
        return self._pages.attribute(quote, but)


def cite_command(page: "SayingPage", options: "Options") -> str:
    """Return the command that cites another page in the same way, as a shell takes it.

    Args:
        page: The page that says it.
        options: Options with their values, True for a flag; those without one are left out.
    """
    words = [
        word
        for name, value in options
        if value
        for word in (f"--{name}", *([value] if isinstance(value, str) else []))
    ]
    if page.is_private and ("allow-private", True) not in options:
        words.append("--allow-private")
    return shlex.join(["cite", page.url, *words])


_SAME_WORDS = ("indentation", "line breaks")


def tell_refusal(
    refused: "Refused",
    quote: str,
    printing: Printing,
    elsewhere: "Attribution",
    options: "Options",
) -> None:
    """Say that the page lacks the quote, what it says instead, what differs, and who says it.

    Args:
        refused: The quote's fate.
        quote: The quote.
        printing: How it is printed.
        elsewhere: What came of looking it up in other pages.
        options: The options that another citation of it takes over.
    """
    match, page = refused.match, refused.page
    if printing.as_json:
        print_json(
            {"outcome": match.outcome.value, "quote": quote}
            | _refusal(refused)
            | _attributed(elsewhere, options)
        )
        return
    short = match.reason == "too short"
    for line in _refused_lines(match, page.final_url, quote):
        echo(line, err=True)
    for reason in refused.unread:
        echo(f"another text of it was not read: {reason}", err=True)
    for difference in () if short else match.differences:
        echo(f"  - {difference}", err=True)
    if match.outcome.value == "near":
        echo("hint: --as-source records the page's own wording.", err=True)
    for other in elsewhere.pages:
        echo(f"{other.url} says it (read {other.read}); cite that instead?", err=True)
        echo(f"  {cite_command(other, options)}", err=True)
    if elsewhere.left and not elsewhere.pages:
        pages = counted(elsewhere.left, "page")
        echo(
            f"{pages} that you read are not indexed yet: footnotary search indexes them.", err=True
        )
    echo("Nothing was written.", err=True)


def _refused_lines(match: "Match", url: str, quote: str) -> "Iterator[str]":
    """Yield the first lines of a refusal: what is refused, and why or what is there."""
    from footnotary.match.matching import MINIMUM

    if match.reason == "too short":
        yield "refused: the quote is too short"
        yield f"  “{quote}”"
        yield f"hint: Quote {MINIMUM} characters or more, or a whole heading or cell."
    elif match.outcome.value == "not_shown" or (match.outcome.value == "absent" and match.reason):
        yield f"refused: {url} has, but does not show,"
        yield f"  “{quote}”"
        yield f"these words are hidden from its readers ({match.reason})"
    else:
        yield f"refused: {url} does not say"
        yield f"  “{quote}”"
        if match.reason in _SAME_WORDS or match.reason.startswith("crosses"):
            yield f"it has these words, but not as one passage ({match.reason})"
        if match.exact:
            yield "the nearest passage is"
            yield f"  “{match.exact}”"


def tell_overclaim(result: "Overclaimed", printing: Printing) -> None:
    """Say what a claim says that its quote does not support."""
    if printing.as_json:
        print_json(
            {
                "outcome": "unsupported-claim",
                "claim": result.claim,
                "quote": result.quote,
                "url": result.page.final_url,
                "unsupported": [asdict(each) for each in result.unsupported],
            }
        )
        return
    echo("refused: the quote does not support the claim", err=True)
    echo(f"  claim  “{result.claim}”\n  quote  “{result.quote}”", err=True)
    for each in result.unsupported:
        echo(f"  - {each.message}", err=True)
    echo("hint: correct the claim, quote the words that say it, or insist: --as-claimed.", err=True)
    echo("Nothing was written.", err=True)


def _refusal(refused: "Refused") -> dict[str, object]:
    """Return a refusal's fields for JSON."""
    return {
        "url": refused.page.final_url,
        "reason": refused.match.reason,
        "score": round(refused.match.score, 4),
        "nearest": refused.match.exact,
        "differences": list(refused.match.differences),
        "unread": list(refused.unread),
        "passage": refused.match.passage,
    }


def _attributed(elsewhere: "Attribution", options: "Options") -> dict[str, object]:
    """Return for JSON which pages say the quote."""
    return {
        "elsewhere": [
            {
                "url": other.url,
                "read": other.read.isoformat(),
                "command": cite_command(other, options),
            }
            for other in elsewhere.pages
        ],
        "not_indexed": elsewhere.left,
    }
