"""Where a quote may begin and end: a token cut short is another token."""

from footnotary.match import find_quote
from tables import each_row

CUT_OR_CHANGED = (
    ("it is not recommended", "it isn't recommended at all here"),
    ("the default is 8080 now", "the default is 18080 now"),
    ("port 8080 is the default", "port 8080/tcp is the default"),
    ("supports Python 3.1 and up", "supports Python 3.10 and up"),
    ("the flag -v is verbose here", "the flag --v is verbose here"),
    ("use a == b for this check", "use a === b for this check"),
    ("set x = 5 in the config file", "set x += 5 in the config file"),
    ("returns x*2 for every input", "returns x**2 for every input"),
    ("run the job with cron now", "run the job without cron now"),
    ("uses TLS 1.2 by default now", "uses TLS 1.2+ by default now is the default"),
    ("timeout is 30 seconds long", "timeout is 30 milliseconds long"),
    ("accepts values < 10 only here", "accepts values <= 10 only here"),
    ("costs 1,500 dollars a month", "costs 11,500 dollars a month"),
    ("500 dollars are paid a month", "1,500 dollars are paid a month"),
    ("500 dollars are paid a month", "1 500 dollars are paid a month"),
    ("500 dollars are paid a month", "1\u202f500 dollars are paid a month"),
    ("the total of it all is 1", "the total of it all is 1 500 dollars"),
    ("the total of it all is 1", "the total of it all is 1,500 dollars"),
    ("the ratio is about 1:1", "the ratio is about 1:10"),
    ("a*b is computed at once", "!a*b is computed at once"),
    ("enabled by default now ok", "!enabled by default now ok"),
    ("user_id must be an integer", "_user_id must be an integer"),
    ("config.debug is what it is", "config.debugger is what it is"),
    ("is it allowed to do this", "is it disallowed to do this"),
    ("true if all of the items", "nottrue if all of the items"),
    ("compatible with the old API", "in-compatible with the old API"),
    ("negative integers are allowed", "non-negative integers are allowed"),
    ("blocking calls are made here", "non-blocking calls are made here"),
    ("the call is thread", "the call is thread-safe in all cases"),
    ("we support UTF-1 encoding is", "we support UTF-16 encoding is"),
    ("on 2023-01-0 it was released", "on 2023-01-05 it was released"),
    ("released in the year 202", "released in the year 2023"),
    ("10% of the users are active", "110% of the users are active"),
    ("5 % of the users are active", "1.5 % of the users are active"),
    ("the value is 5e", "the value is 5e-10 in the end"),
    ("the value is 5", "the value is 5e-10 in the end"),
    ("the value of it is 2", "the value of it is 2^10 in the end"),
    ("the value of it is 2", "the value of it is 2\u00d710 in the end"),
    ("the value of it is 2", "the value of it is 2*10 in the end"),
    ("the range of it is 2", "the range of it is 2\u201310 in the end"),
    ("up to 10 requests a second", "up to 10k requests a second"),
    ("x > 0 for all of the cases", "x > 0.5 for all of the cases"),
    ("the answer is (5) as it is", "the answer is -(5) as it is"),
    ("$5 is what it costs a month", "-$5 is what it costs a month"),
    ("x2 is the variable used here", "x\u00b2 is the variable used here"),
    ("if not x then do the thing", "if x then do the thing"),
    (
        "\u53ef\u80fd\u7684\u89e3\u51b3\u65b9\u6848\u662f\u4f7f\u7528\u7f13\u5b58\u673a\u5236",
        "\u4e0d\u53ef\u80fd\u7684\u89e3\u51b3\u65b9\u6848\u662f\u4f7f\u7528\u7f13\u5b58\u673a\u5236",
    ),
)
WHOLE = (
    ("the call is thread-safe", "(the call is thread-safe)"),
    ("see the docs for more.", "\u201csee the docs for more.\u201d"),
    ("l'homme est bon et juste", "car l\u2019homme est bon et juste"),
    ("homme est bon et juste ici", "car l\u2019homme est bon et juste ici"),
    ("The fee is $5 a month now", "The fee is $5 a month now."),
    ("use `foo` to do the thing", "use `foo` to do the thing now"),
    ("it works.Next sentence here", "it works.Next sentence here now"),
    ("Next sentence here is good", "it works.Next sentence here is good"),
    ("released in 2023", "It was released in 2023, and then"),
    ("released in the year 2023", "It was released in the year 2023."),
    ("the list has 3 items in it", "- the list has 3 items in it"),
    ("10 items are in the list", "*10 items are in the list"),
    ("10 items are in the list", "1. 10 items are in the list"),
    ("10 items are in the list", "\u2014 10 items are in the list"),
    ("10 items are in the list", "word\u201410 items are in the list"),
    ("10 items are in the list", "=10 items are in the list"),
    ("10 items are in the list", "#10 items are in the list"),
    ("it is a well-known fact", "it is a well-known fact."),
    ("bar is what comes after it", "foo\u2014bar is what comes after it"),
    ("this is the end of foo", "this is the end of foo\u2014bar"),
    ("the C++ language is great", "the C++ language is great"),
    ("we use the C++", "we use the C++ language"),
    ("it costs about 10", "it costs about 10."),
    ("it costs about 10 \u20ac", "it costs about 10\u00a0\u20ac a day"),
    ("the 50% share of it all", "the 50\u202f% share of it all"),
    ("foo (bar) and then baz", "foo (bar) and then baz."),
    ("e.g. this is an example", "(e.g. this is an example)"),
    ("the file is /etc/hosts", "the file is /etc/hosts."),
    ("/etc/hosts is the file here", "the path /etc/hosts is the file here"),
    ("@decorator is used for it", "the @decorator is used for it"),
    ("--no-cache is the default", "the option --no-cache is the default"),
    ("-5 is the lowest of them", "here -5 is the lowest of them"),
    ("the lowest of them is -5", "the lowest of them is -5, ok"),
    ("emoji \U0001f44d\U0001f3fd works very well", "emoji \U0001f44d\U0001f3fd works very well"),
    (
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd \u05d6\u05d4 \u05d8\u05e7\u05e1\u05d8",
        (
            "\u200f\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd\u200f \u05d6\u05d4"
            " \u05d8\u05e7\u05e1\u05d8 \u05d0\u05e8\u05d5\u05da"
        ),
    ),
    (
        "na\u00efve caf\u00e9 at the r\u00e9sum\u00e9",
        "nai\u0308ve cafe\u0301 at the re\u0301sume\u0301",
    ),
    ("stra\u00dfe und gr\u00f6\u00dfe sind gut", "stra\u00dfe und gr\u00f6\u00dfe sind gut"),
    ("Don't do this at home ok", "Don\u2019t do this at home ok"),
    ("Don\u2018t do this at home ok", "Don't do this at home ok"),
    ("``quoted'' text is here now", "``quoted'' text is here now"),
    (
        "\u65e5\u672c\u8a9e\u306e\u6587\u7ae0",
        "\u3053\u308c\u306f\u65e5\u672c\u8a9e\u306e\u6587\u7ae0\u3067\u3059",
    ),
    (
        "\u0e44\u0e17\u0e22\u0e40\u0e1b\u0e47\u0e19\u0e20\u0e32\u0e29\u0e32\u0e17\u0e35\u0e48",
        "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22\u0e40\u0e1b\u0e47\u0e19\u0e20\u0e32\u0e29\u0e32\u0e17\u0e35\u0e48\u0e2a\u0e27\u0e22\u0e07\u0e32\u0e21",
    ),
    ("RELEASE NOTES FOR THIS", "Release notes for this"),
    ("\uff21\uff22\uff23\uff11\uff12\uff13 is full width ok", "ABC123 is full width ok"),
)


@each_row(("quote", "text"), CUT_OR_CHANGED)
def test_what_the_page_does_not_say_is_not_found(quote, text):
    """A number, operator, sign, compound or negation cut or changed is never found."""
    assert find_quote(quote, text) is None


@each_row(("quote", "text"), WHOLE)
def test_what_the_page_says_is_found(quote, text):
    """Punctuation, brackets and marks around a token do not make it another."""
    assert find_quote(quote, text) is not None
