"""The one way in which HTML becomes a tree: within limits that are checked first.

Every reader of HTML calls `parse_html`: pages, walls, Markdown and feeds once they are HTML, what
a page names beside itself, redirects that a page makes. None of them can be given markup that
another would refuse.
"""

from selectolax.lexbor import LexborHTMLParser

from footnotary.deadline import check_deadline
from footnotary.extract.limits import MAX_OPENED, TooComplex, is_too_complex, refuse_heavy


def parse_html(source: str) -> LexborHTMLParser:
    """Parse a page's markup.

    Args:
        source: The markup, decoded.

    Raises:
        TooComplex: It cannot be parsed within bounds.
        TooHeavy: It has more elements than are parsed in this process, whose parsing nothing
            can end.
        OutOfTime: There is no time left to parse it in.
    """
    check_deadline()
    if is_too_complex(source):
        raise TooComplex
    refuse_heavy(source.count("<") - source.count("</"), MAX_OPENED)
    check_deadline()
    return LexborHTMLParser(source)
