"""Links that open a page at the quote: text fragments (WICG Scroll to Text Fragment).

A link is only handed out after our own matcher found, with the words in it, the passage it
was made for and no other. Browsers compare white space as it is drawn, so that code keeps its
own, and look for each part of a link within one block: a table cell is one.
"""

import re
from itertools import islice
from urllib.parse import quote as percent_encoded

from footnotary.match.boundaries import stretches
from footnotary.match.normalization import normal_text, normalize
from footnotary.match.surroundings import SIZES
from footnotary.models import Quote

_LONGEST = 300  # characters; longer ones are given by their first and last words
_FEW_WORDS = 3
_ENDS = 5  # words of a start or an end
_MANY = 16  # words of a start that cannot be looked for on its page
_SOLID = 40  # characters of a start that hardly stand on a page twice
_BORDER = re.compile(r"[\n\t]+")
_CONTEXT = (2, 4, 8)  # words of a prefix or suffix that are tried
_CUT = 16  # characters: shorter surroundings end where the page does
_NO_FRAGMENT = ""


def text_fragment(text: str, start: int, end: int) -> str:
    """Return the fragment directive for a passage, or nothing where none is certain.

    Args:
        text: The page's text, one block a line.
        start: Where the passage begins.
        end: Where it ends.

    Returns:
        Such as `:~:text=Be%20cautious,untrusted%20sources`; append it to the URL behind `#`.
    """
    passage = text[start:end]
    words = passage.split()
    if not words:
        return _NO_FRAGMENT
    if _is_short(passage):
        first, last = passage.strip(), ""
    else:
        first, last = _ends(passage)
        if not first or not last:
            return _NO_FRAGMENT
    unique = _leads_to(text, ("", first, last, ""), start)
    if unique and len(words) > _FEW_WORDS:
        return _directive("", first, last, "")
    for size in _CONTEXT:
        prefix = _words_before(text, start, size)
        suffix = _words_behind(text, end, size)
        if (prefix or suffix) and _leads_to(text, (prefix, first, last, suffix), start):
            return _directive(prefix, first, last, suffix)
    if unique:
        return _directive("", first, last, "")
    return _NO_FRAGMENT


def recorded_link(url: str, quote: Quote) -> str:
    """Return a page's URL that opens at the quote of a record; without a fragment if uncertain.

    The record holds as much of the page as makes the passage the only one: where the words
    alone are, they are the link, and where they stand there twice, all that surrounds them.

    Args:
        url: The page.
        quote: The quote of its record.
    """
    # The outermost word is cut, unless the page begins or ends with it.
    before = re.sub(r"^\S+", "", quote.prefix) if len(quote.prefix) >= _CUT else quote.prefix
    behind = re.sub(r"\S+$", "", quote.suffix) if len(quote.suffix) >= _CUT else quote.suffix
    alone = max(len(quote.prefix), len(quote.suffix)) not in SIZES
    if alone and quote.exact.strip() and not _is_short(quote.exact):
        certain = bool(before.strip()) or not quote.prefix.strip()
        return _joined(url, _of_long(quote.exact, before, certain=certain))
    text, start = f"{before}{quote.exact}{behind}", len(before)
    if alone:
        return link_to_passage(url, text, start, start + len(quote.exact))
    prefix = _BORDER.split(before)[-1].strip()
    suffix = _BORDER.split(behind)[0].strip()
    if (prefix or suffix) and _is_short(quote.exact):
        return _joined(url, _directive(prefix, quote.exact.strip(), "", suffix))
    return url


def _of_long(passage: str, before: str, *, certain: bool) -> str:
    """Return the directive for a passage of a record that is long, or of several blocks.

    Few words that begin a passage may stand elsewhere on the page, which a record does not
    hold; with those before them they hardly do.

    Args:
        passage: The quote's words.
        before: What is before them; empty where the page begins with them.
        certain: Whether that is known.
    """
    first, last = _ends(passage, _MANY)
    if len(first) < _SOLID and not certain:
        return _NO_FRAGMENT
    nearest = ([""] + [block for block in _BORDER.split(before) if block.strip()])[-1]
    prefix = _last_words(nearest, _CONTEXT[1]) if len(first) < _SOLID else ""
    return _directive(prefix, first, last, "")


def link_to_passage(url: str, text: str, start: int, end: int) -> str:
    """Return a page's URL that opens at a passage; the plain URL where that is not certain.

    Args:
        url: The page.
        text: Its text.
        start: Where the passage begins.
        end: Where it ends.
    """
    return _joined(url, text_fragment(text, start, end))


def _joined(url: str, fragment: str) -> str:
    """Return a URL with a fragment directive behind an anchor of its own."""
    if not fragment:
        return url
    base, hash_mark, anchor = url.partition("#")
    anchor = anchor.partition(":~:")[0] if hash_mark else ""
    return f"{base}#{anchor}{fragment}"


def _is_short(passage: str) -> bool:
    """Return whether a passage is given whole: it is not long, and in one block."""
    return len(passage) <= _LONGEST and not _BORDER.search(passage.strip())


def _ends(passage: str, most: int = _ENDS) -> tuple[str, str]:
    """Return the first words of a passage's first block and the last of its last one."""
    blocks = [block for block in _BORDER.split(passage) if block.strip()]
    return _first_words(blocks[0], most), _last_words(blocks[-1], _ENDS)


def _first_words(text: str, number: int) -> str:
    """Return the first words of a text, with the white space between them."""
    words = list(islice(re.finditer(r"\S+", text), number))
    return text[words[0].start() : words[-1].end()] if words else ""


def _last_words(text: str, number: int) -> str:
    """Return the last words of a text, with the white space between them."""
    words = [*re.finditer(r"\S+", text)][-number:]
    return text[words[0].start() : words[-1].end()] if words else ""


def _words_before(text: str, start: int, size: int) -> str:
    """Return the words before a passage, in its own block."""
    return _last_words(_BORDER.split(text[max(0, start - 200) : start])[-1], size)


def _words_behind(text: str, end: int, size: int) -> str:
    """Return the words behind a passage, in its own block."""
    return _first_words(_BORDER.split(text[end : end + 200])[0], size)


def _leads_to(text: str, parts: tuple[str, str, str, str], start: int) -> bool:
    """Return whether the first place that a browser would go to is the passage.

    Browsers take the first match that begins and ends between words, ignoring case.
    """
    prefix, first, last, suffix = parts
    page = normal_text(text)
    haystack = page.text.lower()
    if len(haystack) != len(page.text):
        return False
    needle = normalize(" ".join(part for part in (prefix, first) if part)).lower()
    tail = normalize(" ".join(part for part in (last, suffix) if part)).lower()
    for begin, finish in stretches(needle, haystack):
        if tail:
            near = len(haystack) if last else finish + len(tail) + 2
            rest = next(stretches(tail, haystack[finish:near]), None)
            if rest is None and last:
                return False  # nor behind a later one
            if rest is None or (not last and rest[0] > 1):
                continue
        lead = len(normalize(prefix)) + 1 if prefix else 0
        return page.raw_span(begin + lead, begin + lead + 1)[0] == start
    return False


def _directive(prefix: str, first: str, last: str, suffix: str) -> str:
    """Return the directive: `text=[prefix-,]start[,end][,-suffix]`."""
    parts = [_encoded(prefix) + "-"] if prefix else []
    parts.append(_encoded(first))
    if last:
        parts.append(_encoded(last))
    if suffix:
        parts.append("-" + _encoded(suffix))
    return ":~:text=" + ",".join(parts)


def _encoded(text: str) -> str:
    """Percent-encode text; `&`, `-` and `,` have a meaning in the directive."""
    return percent_encoded(text, safe="").replace("-", "%2D")
