"""How much markup is parsed: a hostile page may cost neither minutes nor gigabytes.

An HTML parser that follows the standard looks through all open elements at each block
element, so nesting costs the square of its depth; and each element of a tree costs some
500 bytes. Browsers stop nesting at 512.
"""

import re

MOST_TAGS = 600_000
MOST_CHARACTERS = 10_000_000
DEEPEST = 3_000
HARMLESS = 3_000  # tags; fewer cannot be nested too deeply
_BLOCK = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figure"
    r"|footer|form|header|li|listing|main|menu|nav|ol|pre|search|section|summary|table|ul)\b",
    re.IGNORECASE,
)


def is_too_much(source: str) -> bool:
    """Return whether markup has more characters, tags or depth than is parsed.

    Args:
        source: A whole document.
    """
    tags = source.count("<")
    if tags <= HARMLESS:
        return len(source) > MOST_CHARACTERS
    return tags > MOST_TAGS or len(source) > MOST_CHARACTERS or _depth(source) > DEEPEST


def _depth(source: str) -> int:
    """Return how deep block elements are nested, taking end tags at their word."""
    depth = deepest = 0
    for found in _BLOCK.finditer(source):
        if found[1]:
            depth = max(depth - 1, 0)
        else:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
    return deepest
