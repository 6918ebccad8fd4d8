"""A page that says one thing among others, and the day on which it is read first."""

from datetime import UTC, datetime

QUOTE = "The default timeout of the service is 30 seconds."
FILLER = " ".join(f"Sentence number {number} says something else." for number in range(40))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def said_page(quote=QUOTE, extra=""):
    """Return a readable page that says the quote."""
    return (
        f"<!doctype html><title>Timeouts</title><main><h1>Timeouts</h1><p>{quote}</p>"
        f"<p>{FILLER}</p>{extra}</main>"
    )
