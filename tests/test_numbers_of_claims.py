"""A number, version or bound in a claim is one that its quote has, however either is written."""

import pytest

from footnotary.match.numbers import unsupported

BORNE_OUT = [
    ("Keys are kept for 24 hours.", "keys can be removed after they are at least 24 hours old"),
    ("Keys live 24h.", "Keep keys for 24 hours"),
    ("A connection takes 10 MB.", "each connection uses about 10MB of memory"),
    ("It is 40 percent faster.", "validation is 40% faster"),
    ("It needs 1,000,000 rows.", "at 1 million rows the planner changes"),
    ("It holds 1.5 million keys.", "1,500,000 keys"),
    ("The limit is 64 kB.", "limited to 64 KB"),
    ("A third retry comes after 3 failures.", "after three failures"),
    ("Two replicas are enough.", "run 2 replicas"),
    ("It was released on 2024-10-07.", "released on October 7, 2024"),
    ("It was released in October 2024.", "Release date: 2024-10-07"),
    ("Python 3.12 is supported.", "Tested on Python 3.10, 3.11, 3.12 and 3.13"),
    ("Python 3.12 is supported.", "Tested with Python 3.12.1"),
    ("It works since v2.", "added in version 2.0"),
    ("It works since version 2.0.", "New in v2.0"),
    ("PostgreSQL 16 has it.", "available in PostgreSQL 16.2 and later"),
    ("It falls to -40 degrees.", "as low as \u221240 degrees"),
    ("The default is 5.", "pool_size=5"),
    ("The port is 8000.", "runs on http://127.0.0.1:8000"),
    ("The port is 8000.", "listens on 0.0.0.0:8000"),
    ("At most 5 workers run.", "a maximum of 5 workers"),
    ("Up to 5 workers run.", "no more than 5 workers"),
    ("At least 8 characters are needed.", "8 or more characters"),
    ("It has more than 100 rules.", "over 100 rules"),
    ("It is twice as fast.", "2x faster"),
    ("It is 10 times faster.", "10x speedup"),
    ("Ten workers are enough.", "10 workers"),
    ("It lasts 5 minutes.", "300 seconds (5 minutes)"),
    ("It is the 3rd release.", "the third release"),
    ("The first 3 fields matter.", "3 fields"),
    ("HTTP/2 is on and TLS 1.3 is asked for.", "speaks HTTP/2 over TLS 1.3"),
    ("RFC 9110 says so.", "see RFC 9110, section 5"),
    ("It costs $20 a month.", "$20/month"),
    ("UTF-8 and SHA-256 are used.", "UTF-8 text, hashed with SHA-256"),
    ("It is on page 12^[3].", "page 12"),
    ("Between 5 and 10 ms are usual.", "5-10 ms"),
    ("It takes 5–10 ms.", "between 5 and 10 milliseconds"),
    ("It needs 0.5 s.", "500 ms, that is 0.5 seconds"),
    ("It needs half a second.", "0.5 seconds"),
    ("It reaches 2^16 entries.", "2^16 entries"),
    ("It allows 3.11+.", "requires Python >= 3.11"),
    ("The x86-64 build is whole.", "wheels for x86_64"),
    ("One of them is enough.", "any of the mirrors will do"),
    ("It is zero-copy.", "no data is copied"),
]
NOT_BORNE_OUT = [
    ("Keys are kept for 48 hours.", "at least 24 hours old"),
    ("It is 40% faster.", "it is 4% faster"),
    ("It is 40% faster.", "it is 400% faster"),
    ("The limit is 10.", "the limit is 100"),
    ("The limit is 100.", "the limit is 10"),
    ("Python 3.12 is needed.", "Python 3.11 or later"),
    ("Version 1.2 is needed.", "version 1.25"),
    ("Version 1.25 is needed.", "version 1.2"),
    ("Python 3.12.1 is needed.", "Python 3.12"),
    ("It needs 1.5 GB.", "it needs 15 GB"),
    ("It needs 5 GB.", "it needs 5 MB"),
    ("It waits 5 minutes.", "it waits 5 seconds"),
    ("It waits 10 ms.", "it waits 10 s"),
    ("It grows by 40%.", "it grows by 40"),
    ("It holds 2 million keys.", "it holds 2 thousand keys"),
    ("It holds 1,000 keys.", "it holds 10,000 keys"),
    ("At most 5 workers run.", "at least 5 workers"),
    ("At least 5 workers run.", "at most 5 workers"),
    ("It has more than 5 workers.", "it has fewer than 5 workers"),
    ("It falls to -5 degrees.", "it falls to 5 degrees"),
    ("It was released on 2024-10-07.", "released on October 8, 2024"),
    ("It was released in 2023.", "Release date: 2024-10-07"),
    ("It is three times faster.", "it is two times faster"),
    ("Three replicas are needed.", "2 replicas"),
    ("It is twice as fast.", "it is 3x as fast"),
    ("RFC 9110 says so.", "see RFC 7231"),
    ("It costs $20.", "it costs $200"),
    ("The port is 8000.", "the port is 8080"),
    ("It takes 5-10 ms.", "it takes 5-100 ms"),
    ("TLS 1.3 is asked for.", "TLS 1.2 is asked for"),
]


@pytest.mark.parametrize(("claim", "quote"), BORNE_OUT)
def test_what_the_quote_says_in_other_figures_is_borne_out(claim, quote):
    """Units, groups, words for numbers, dates and versions' endings make no difference."""
    assert unsupported(claim, [quote]) == ()


@pytest.mark.parametrize(("claim", "quote"), NOT_BORNE_OUT)
def test_what_the_quote_does_not_say_is_named(claim, quote):
    """Another digit, unit, sign, magnitude, bound or version is another statement."""
    assert unsupported(claim, [quote]) != ()
