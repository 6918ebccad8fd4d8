"""What changed between two passages, word by word."""

import re
from difflib import SequenceMatcher

MOST_WORDS = 400


def word_diff(old: str, new: str) -> str:
    """Return two passages as one, in the marks of wdiff: `[-gone-] {+come+}`.

    Args:
        old: The words that were recorded.
        new: The words that stand there now.
    """
    before, after = _words(old), _words(new)
    parts: list[str] = []
    comparer = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in comparer.get_opcodes():
        gone, come = " ".join(before[start:end]), " ".join(after[new_start:new_end])
        if gone == come:
            parts.append(gone)
            continue
        if gone:
            parts.append(f"[-{gone}-]")
        if come:
            parts.append(f"{{+{come}+}}")
    return " ".join(parts)


def _words(text: str) -> list[str]:
    """Return the words of a passage, bounded: the comparison is quadratic."""
    return re.findall(r"\S+", text)[:MOST_WORDS]
