"""What is around a hit: section, passage, and the words that make it unique."""

from bisect import bisect_right

from footnotary.models import Page

PASSAGE = 600
# A stretch that is the only one of its words has 32 characters on either side: no other has.
ALONE = 32
SIZES = (16, 64, 128, 256, 512, 1_000)


def section_at(page: Page, offset: int) -> str:
    """Return the heading above an offset, or nothing.

    Args:
        page: The page.
        offset: Offset in its text.
    """
    index = bisect_right([heading.offset for heading in page.headings], offset) - 1
    return page.headings[index].text if index >= 0 else ""


def passage_around(text: str, start: int, end: int) -> str:
    """Return some 600 characters around a stretch, cut between words.

    Args:
        text: The page's text.
        start: Where the stretch begins.
        end: Where it ends.
    """
    room = max(80, (PASSAGE - (end - start)) // 2)
    left, right = max(0, start - room), min(len(text), end + room)
    if left:
        left += max(0, text[left:start].find(" ") + 1)
    if right < len(text):
        cut = text[end:right].rfind(" ")
        right = end + cut if cut > 0 else right
    return text[left:right].strip()


def grown(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a stretch, grown until they make it unique.

    Args:
        text: The page's text.
        start: Where the stretch begins.
        end: Where it ends.
    """
    size = SIZES[0]
    for size in SIZES:
        left, right = max(0, start - size), min(len(text), end + size)
        around = text[left:right]
        if text.find(around, text.find(around) + 1) < 0:
            break
    return text[max(0, start - size) : start], text[end : end + size]
