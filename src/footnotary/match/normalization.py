"""The form in which quote and page are compared.

NFKC (Unicode Standard Annex #15) for what is written in two ways, except where it would
change a value: superscripts, subscripts, fractions and circled numbers stay themselves
(10² is not 102). Invisible characters go, quotation marks and dashes fold to ASCII,
white space collapses. Letter case, operators, signs, decimals and underscores stay.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

NORMALIZER_VERSION = 1

# Drawn nowhere, or only a hint for drawing: soft hyphen, zero-width characters, direction
# marks, word joiner, byte order mark, variation selectors, tags.
_DRAWN_NOWHERE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{_DRAWN_NOWHERE}]")
_ASCII = re.compile("[\x00-\x7f]+")
# Characters whose compatibility form is another value, or carries a space.
_KEPT = re.compile(
    "([\u00a8\u00aa\u00af\u00b2\u00b3\u00b8-\u00ba\u00bc-\u00be\u02b0-\u02b8\u02d8-\u02dd"
    "\u02e0-\u02e4\u037a\u0384\u0385\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2017\u203e"
    "\u2070-\u209c\u2122\u2120\u2150-\u215f\u2189\u2460-\u24ff\u2776-\u2793\u3251-\u325f"
    "\u32b1-\u32bf\U0001f100-\U0001f16c]+)"
)
EM_DASH, EN_DASH = "\u2014", "\u2013"
_FOLDED = {
    # Quotation marks and primes.
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u00b4\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f", '"'),
    **dict.fromkeys("\u2015\ufe58", EM_DASH),
    "\u00b6": " ",  # what documentation tools hang on headings for a link to them
    # Hyphens and minus; dashes, which part what they stand between, come last.
    **dict.fromkeys("\u2010\u2011\u2012\u2043\u2212\ufe63\uff0d", "-"),
}


def normalize(text: str) -> str:
    """Return text in the form that is compared; `normalize` twice changes nothing more."""
    return _normalize_short(text) if len(text) < _MOST_KEPT else _without_dashes(bounded(text))


_MOST_KEPT = 1_000  # characters of a quote or a word, whose normal form is asked for often


@lru_cache(maxsize=2_048)
def _normalize_short(text: str) -> str:
    """Return the normal form of a short text."""
    return _without_dashes(bounded(text))


def _without_dashes(text: str) -> str:
    """Return text with hyphens for dashes."""
    return text.replace(EM_DASH, "-").replace(EN_DASH, "-")


def bounded(text: str) -> str:
    """Return the normal form, of the same length, in which dashes are still themselves."""
    text = fold_text(text)
    return _PERCENT.sub("%", text) if " %" in text else text


def fold_text(text: str) -> str:
    """Return text with one form for each character and one space for each gap."""
    if not text.isascii():
        others = _ASCII.sub("", text)
        if _INVISIBLE.search(others):
            text = _INVISIBLE.sub("", text)
        text = _composed(text, frozenset(others))
    return " ".join(text.split())


# 50 % is 50%, by whichever style guide.
_PERCENT = re.compile(r"(?<=\d) %(?!\w)")
# rustdoc sets the link to a heading before it, as \u00a7; a section's number has a digit behind.
_PERMALINK = re.compile(r"\u00a7(?=[^\W\d])")
# \u00bd alone is 1/2; behind a digit it stays itself, since 1\u00bd is no 11/2.
_FRACTIONS = "\u00bd\u00bc\u00be" + "".join(map(chr, range(0x2150, 0x215F)))
_FRACTION = re.compile("(?<![0-9])[\u00bc-\u00be\u2150-\u215e]")

# log\u2082 is log2, as the text of <sub> has it; a digit behind would join what is two numbers.
_SUBSCRIPTS = "".join(map(chr, range(0x2080, 0x208A)))
_SUBSCRIPT = re.compile("(?<=[A-Za-z\u0391-\u03c9])[\u2080-\u2089]++(?![0-9])")
_AS_DIGITS = str.maketrans(_SUBSCRIPTS, "0123456789")


def _spelled(found: re.Match[str]) -> str:
    """Return a vulgar fraction with a slash."""
    return unicodedata.normalize("NFKC", found[0]).replace("\u2044", "/")


def _composed(text: str, characters: frozenset[str]) -> str:
    """Fold what is written in two ways, of a text of which the characters are known."""
    for mark in characters & _FOLDED.keys():
        text = text.replace(mark, _FOLDED[mark])
    if "\u00a7" in characters:
        text = _PERMALINK.sub(" ", text)
    if not characters.isdisjoint(_FRACTIONS):
        text = _FRACTION.sub(_spelled, text)
    if not characters.isdisjoint(_SUBSCRIPTS):
        text = _SUBSCRIPT.sub(lambda found: found[0].translate(_AS_DIGITS), text)
    if unicodedata.is_normalized("NFKC", text):
        return text
    parts = _KEPT.split(text)
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return "".join(parts)


class NormalText:
    """A text in the form that is compared, and the way back to its own words.

    Attributes:
        raw: The text as it is.
        text: Its normal form.
        bounds: The same with its dashes, by which it is seen where a token ends.
    """

    _CHUNK = 1_000
    _MOST_CHUNK = 1_500  # of what has no spaces

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.bounds = bounded(raw)
        self.text = _without_dashes(self.bounds)
        self._without: dict[re.Pattern[str], str] = {}
        self._chunks: list[tuple[int, int]] = [(0, 0)]

    @cached_property
    def lowered(self) -> str:
        """The normal form in lower case."""
        return self.text.lower()

    def without(self, dropped: re.Pattern[str], signs: str) -> str:
        """Return the normal form without what a pattern finds; the answer is kept.

        Args:
            dropped: The pattern.
            signs: Characters of which one is in all that it finds.
        """
        if dropped not in self._without:
            is_space, left = dropped.pattern == " ", self.text
            if any(sign in left for sign in signs):
                left = left.replace(" ", "") if is_space else dropped.sub("", left)
            self._without[dropped] = left
        return self._without[dropped]

    def raw_span(self, start: int, end: int, wording: str = "") -> tuple[int, int]:
        """Return where a stretch of the normal form is in the text itself.

        Args:
            start: Offset in `text`.
            end: Offset behind its last character, greater than `start`.
            wording: Words that have the stretch as their normal form, if they are known.
        """
        form = self.text[start:end]
        place = self._only_place(wording.strip() or form, form)
        if place is not None:
            return place
        first = self._raw_offset(start)
        last = self._raw_offset(end - 1)
        stop = last + 1
        # What follows without a form of its own (a combining mark) belongs to the character.
        while stop < len(self.raw) and unicodedata.combining(self.raw[stop]):
            stop += 1
        return first, stop

    def _only_place(self, wording: str, form: str) -> tuple[int, int] | None:
        """Return where words stand if they do so once, as their normal form does: no search."""
        start = self.raw.find(wording)
        if start < 0 or self.raw.find(wording, start + 1) >= 0:
            return None
        if self.text.find(form, self.text.find(form) + 1) >= 0 or normalize(wording) != form:
            return None
        end = start + len(wording)
        is_whole = end == len(self.raw) or not unicodedata.combining(self.raw[end])
        return (start, end) if is_whole else None

    def _raw_offset(self, offset: int) -> int:
        """Return where the character at an offset of the normal form comes from."""
        self._lay_out(offset)
        index = bisect_right(self._chunks, (offset, len(self.raw) + 1)) - 1
        normal_start, raw_start = self._chunks[index]
        raw_end = self._chunks[index + 1][1] if index + 1 < len(self._chunks) else len(self.raw)
        for word in _WORD.finditer(self.raw, raw_start, raw_end):
            plain = word[0].isascii() and "%" not in word[0]
            form = word[0] if plain else normalize(word[0])
            if not form:
                continue
            if offset - normal_start < len(form):
                return word.start() + _inside(word[0], offset - normal_start)
            normal_start += len(form) + 1
        return raw_end

    def _lay_out(self, offset: int) -> None:
        """Note where stretches of some thousand characters begin, up to an offset."""
        normal, position = self._chunks[-1]
        while normal <= offset and position < len(self.raw):
            end, parted = self._chunk_end(position)
            length = len(normalize(self.raw[position:end]))
            normal += length + parted if length else 0
            position = end
            self._chunks.append((normal, position))

    def _chunk_end(self, position: int) -> tuple[int, bool]:
        """Return where a stretch may end, and whether the next one is parted from it by a space."""
        first, last = position + self._CHUNK, position + self._MOST_CHUNK
        space = _SPACE.search(self.raw, first, last)
        if space is not None and space.end() < last:  # at `last` nobody saw what follows
            return space.end(), True
        for inside in _INSIDE_WORD.finditer(self.raw, last, last + self._MOST_CHUNK):
            if unicodedata.category(self.raw[inside.start()])[0] != "N":  # ½ is a number to us
                return inside.start(), False
        space = _SPACE.search(self.raw, first)
        return (space.end() if space else len(self.raw)), True


# A number and its per cent sign are one word of the normal form, whatever parts them.
_WORD = re.compile(r"\S*\d\s+%(?!\w)\S*|\S+")
_SPACE = re.compile(r"\s+(?![\s%])")
# Before a letter or sign whose form does not depend on what is before it, nor the other way
# round: none that is composed with another (jamo, also those that are so only in normal form).
_INSIDE_WORD = re.compile(
    f"(?<=[^\\s%\u00a7{_DRAWN_NOWHERE}])(?="
    "[^\\W\\d_\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff\uf900-\U0010ffff]"
    "|[!-$&-/:-@\\[-`{-~\u2018-\u2026\u2190-\u23ff\u2500-\u2775\ufffd\U0001f000-\U0001faff])"
)


def _inside(word: str, offset: int) -> int:
    """Return the character of a word that the character of its normal form comes from."""
    if word.isascii() and len(word.split()) == 1:
        return offset
    low, high = 0, len(word) - 1
    while low < high:
        middle = (low + high) // 2
        if len(normalize(word[: middle + 1])) > offset:
            high = middle
        else:
            low = middle + 1
    return low


_SHORT = 5_000  # characters; a page hides many such texts, which must not drive out its own


def normal_text(raw: str) -> NormalText:
    """Return the normal form of a page's text; the last few are kept."""
    return _short_text(raw) if len(raw) < _SHORT else _long_text(raw)


_short_text = lru_cache(maxsize=1_024)(NormalText)
_long_text = lru_cache(maxsize=16)(NormalText)
