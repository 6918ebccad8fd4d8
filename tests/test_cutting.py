"""A quote never leaves off a part of the word or number it begins or ends in."""

from datetime import UTC, datetime

from footnotary.extract import extract
from footnotary.match import find_quote, match_quote
from footnotary.match.matching import Outcome
from footnotary.models import Response
from tables import each_row

URL = "https://docs.example/page"
FILLER = "<p>" + "These words stand here so that the page is long enough to be read. " * 5 + "</p>"


def page(markup):
    """Extract a page with some markup and enough other words."""
    return extract(
        Response(
            url=URL,
            final_url=URL,
            headers={"content-type": "text/html; charset=utf-8"},
            body=f"<!doctype html><body>{markup}{FILLER}".encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )


@each_row(
    ("quote", "text"),
    [
        ("blocking mode for all sockets", "use the non-blocking mode for all sockets"),
        ("safe mode is fine for all sockets", "the un\u2011safe mode is fine for all sockets"),
        ("verify is the best for servers", "the flag --no-verify is the best for servers"),
        ("the flag is called --verify", "the flag is called --verify-no in all"),
        ("the file is meant to be read", "the file is meant to be read-only here"),
        ("000 requests per second here", "we saw 10 000 requests per second here"),
        ("we served about 10", "we served about 10 000 requests"),
        ("the share of it is 40", "the share of it is 40 % in all"),
        ("the price of it is 5 000", "the price of it is 5 000 000 in all"),
        ("三 days in total to do all", "it took 二十三 days in total to do all"),
        ("enabled means that it is off", "so !enabled means that it is off"),
        ("5 % of all the requests fail", "the rate of .5 % of all the requests fail"),
        ("5 million every year or so", "it costs €5 million every year or so"),
        ("MAX_RETRIES IS THE LIMIT", "max_retries is the limit"),
        ("値は TRUE です、それだけです", "値は True です、それだけです"),
        ("so we saw about 10", "so we saw about 10\u2019000 requests"),
        ("so we saw about 10", "so we saw about 10\u2007000 requests"),
        ("so we saw about 10", "so we saw about 10\u00b12 requests"),
        ("so we saw about 10", "so we saw about 10\u202620 requests"),
        ("so we saw about 10", "so we saw about 10\u201320 requests"),
        ("so we saw about 10", "so we saw about 10**6 requests"),
        ("so we saw about 10", "so we saw about 10\u20ac of it"),
        ("the temperature of it is 10", "the temperature of it is 10 \u00b0C now"),
        ("500 requests a second here", "we saw 1\u2019500 requests a second here"),
        ("5 requests a second here", "we saw 1..5 requests a second here"),
        ("5 requests a second here", "we saw >=5 requests a second here"),
        ("5 requests a second here", "we saw \u221a5 requests a second here"),
        ("5 requests a second here", "we saw \u20135 requests a second here"),
        ("5 requests a second here", "we saw 2^5 requests a second here"),
        ("5 requests a second here", "we saw F.5 requests a second here"),
        ("negative is the value of it", "non\u2013negative is the value of it"),
        ("supported in this release", "it is un-\nsupported in this release"),
        ("that is how it is serv", "that is how it is serv-\nice or not"),
        ("and the option is called -", "and the option is called --bind here"),
        ("wait for all of it.", "wait for all of it... and go"),
        ("SET USE_SSL=TRUE IN THE FILE", "set use_ssl=true in the file"),
        ("it is compatible with Python 2.", "it is compatible with Python 2.5 alone"),
        ("it was on 2023-01-", "it was on 2023-01-05 that it came"),
        ("so we saw about 1,", "so we saw about 1,000 requests"),
        ("it opens at 10:", "it opens at 10:30 every day"),
        ("the server is written in Node.", "the server is written in Node.js and C"),
        (".5 % of all the requests fail", "some 1.5 % of all the requests fail"),
        ("-50 of them are in the pool", "some 10-50 of them are in the pool"),
        ("the address is 2001:db8:1", "the address is 2001:db8:1:a::1 here"),
        ("the version is 1.2", "the version is 1.2~rc1 as of now"),
        ("the limit of it is 10 MB", "the limit of it is 10 MB/s in all"),
        ("the limit of it is 10MB", "the limit of it is 10MB/s in all"),
        ("all of it is written in C", "all of it is written in C++ and Go"),
        ("all of it is written in C", "all of it is written in C# and Go"),
        ("t require a configuration file", "it doesn't require a configuration file"),
        ("この機能はサポートされてい", "この機能はサポートされていません。"),
        ("ここでこの変更は推奨されま", "ここでこの変更は推奨されません。"),
        ("ここでこの機能を使用でき", "ここでこの機能を使用できない場合"),
    ],
)
def test_a_part_left_off_is_refused(quote, text):
    """What a hyphen, sign or group space joins is one token; constants are not headlines."""
    assert find_quote(quote, text) is None


@each_row(
    ("quote", "text"),
    [
        ("the dash is not a hyphen here", "some words—the dash is not a hyphen here—and more"),
        ("the dash is not a hyphen here", "some words--the dash is not a hyphen here--and more"),
        ("the dash is not a hyphen here", "some words\u2013the dash is not a hyphen here"),
        ("some words and a few more", "some words and a few more\u2013the dash parts"),
        ("the answer to it is 42", "the answer to it is 42\u2014and no more"),
        ("the answer to it is 42", "the answer to it is 42; no more"),
        ("the answer to it is 42", "the answer to it is 42... or so"),
        ("4 is the width of it all", "the width=4 is the width of it all"),
        ("Ctrl+C stops the server", "use it: Ctrl+C stops the server - at once"),
        ("as of 2024-01-15 it is so", "and as of 2024-01-15 it is so."),
        ("we pre- and post-process it", "here we pre- and post-process it all"),
        ("in 2020 300 people were there", "so in 2020 300 people were there"),
        ("THE LIMITS OF THE POOL", "The limits of the pool"),
        ("the last of these is 2.", "the last of these is 2. And then"),
        ("that is all there is.", "that is all there is.Next it goes on"),
        ("that is all there is.", "that is all there is.2 And then a note"),
        ("it reads and writes files", "it reads and writes files/folders"),
        ("utilisateur est dans le groupe", "car l'utilisateur est dans le groupe"),
        ("this is the section in full", "this is the section in full# and more"),
        ("この機能はサポートされています", "この機能はサポートされています。"),
    ],
)
def test_what_a_dash_or_space_parts_is_found(quote, text):
    """A dash parts words, and so does a space."""
    assert find_quote(quote, text) is not None


def test_a_cut_quote_is_near_and_shows_the_whole_words():
    """The refusal names the cut, and what `--as-source` would record is whole."""
    found = match_quote(
        "safe mode is fine for all", page("<p>The unsafe mode is fine for all.</p>")
    )
    assert (found.outcome, found.reason) == (Outcome.NEAR, "cut")
    assert found.exact == "unsafe mode is fine for all"
    short = match_quote(
        "t require any more files", page("<p>It doesn't require any more files.</p>")
    )
    assert (short.reason, short.exact) == ("cut", "doesn't require any more files")
    joined = match_quote(
        "safe mode is fine for all", page("<p>The un-safe mode is fine for all.</p>")
    )
    assert not joined.found


def test_the_mark_of_a_note_behind_a_full_stop_is_no_decimal():
    """A linked note behind `in 2020.` is apart, so that the sentence can be quoted."""
    noted = page('<p>It was released in 2020.<sup><a href="#n1">1</a></sup> It is free.</p>')
    assert match_quote("It was released in 2020.", noted).found


def test_links_that_touch_can_be_quoted_by_themselves():
    """A menu's entries are things of their own; a full stop in a link is none."""
    menu = page('<a href="a">The first entry</a><a href="b"><b>The second entry</b></a>')
    assert match_quote("The second entry", menu).found
    name = page('<p>as noted by <a href="a">Hrefna Palsdottir</a><a href="b">.</a></p>')
    assert match_quote("as noted by Hrefna Palsdottir.", name).found


@each_row(
    ("markup", "is_seen"),
    [
        ('<p style="opacity:0">words that may be seen</p>', False),
        (
            '<script></script><p style="opacity:0;transform:none">words that may be seen</p>',
            True,
        ),
        ("<div popover id=x>words that may be seen</div>", False),
        ("<template>words that may be seen</template>", False),
        ('<div><template shadowrootmode="open">words that may be seen</template></div>', True),
    ],
)
def test_only_what_is_shown_can_be_quoted(markup, is_seen):
    """What fades in and what a shadow tree holds is shown; popovers and templates are not."""
    assert match_quote("words that may be seen", page(markup)).found is is_seen
