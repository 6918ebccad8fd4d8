"""What typesetting does to words: lines break them, and accents are drawn beside letters.

A hyphen at the end of a line is the word's own (`locale-/specific`) or the typesetter's
(`compo-/nents`); the print does not tell. The rest of the document often does.
"""

import re
import unicodedata

BREAK = "\ufffe"
"""What stands for a hyphen at the end of a line."""

_BROKEN = re.compile(rf"(?<![^\W_])([^\W_]+){BREAK}\s*([^\W_]+)")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# A number that goes on behind a hyphen: an ISBN, a range.
_AT_LINE_END = re.compile(r"(?<=\w)-\n(?=\d)")


# TeX's older fonts draw an accent, then the letter. An acute or a grave that is typed for an
# apostrophe stands before a consonant.
_ACCENTS = {
    "\u00a8": "\u0308",
    "\u00b8": "\u0327",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u02c7": "\u030c",
    "\u02da": "\u030a",
    "\u00b4": "\u0301",
    "\u02cb": "\u0300",
}
_ACCENTED = re.compile(
    r"([\u00a8\u00b8\u02c6\u02dc\u02c7\u02da])([A-Za-z\u0131])|([\u00b4\u02cb])([AEIOUYaeiouy\u0131])"
)


def joined(texts: list[str]) -> list[str]:
    """Return texts with the words whole that their lines break, and letters with their accents.

    A word that the document writes with a hyphen elsewhere keeps it; so does what is no
    ordinary word (`HP-/GL`, `R-/help`). Any other is one word.

    Args:
        texts: The pages of one document, with `BREAK` for hyphens at line ends.
    """
    known = {word.casefold() for text in texts for word in _WORD.findall(text)}

    def whole(found: re.Match[str]) -> str:
        left, right = found[1], found[2]
        one, two = f"{left}{right}", f"{left}-{right}"
        if not (left[-1].islower() and right[0].islower()):
            return two
        return two if two.casefold() in known and one.casefold() not in known else one

    whole_words = (_BROKEN.sub(whole, text).replace(BREAK, "-") for text in texts)
    return [_ACCENTED.sub(_composed, _AT_LINE_END.sub("-", text)) for text in whole_words]


def _composed(found: re.Match[str]) -> str:
    """Return an accent and its letter as one character, where there is one."""
    accent, letter = found[1] or found[3], found[2] or found[4]
    plain = letter.replace("\u0131", "i")  # an accent takes the place of the dot
    one = unicodedata.normalize("NFC", plain + _ACCENTS[accent])
    return one if len(one) == 1 else found[0]
