"""Regions: the parts of a document that the tool owns, between two markers.

    <!-- footnotary:begin NAME -->
    …
    <!-- footnotary:end NAME sha256=… -->

Everything outside them is the author's and is kept byte for byte. The checksum tells
whether a region was edited by hand: it is that of what the region renders, so that a formatter
may wrap its lines anew. A marker that is missing, doubled, nested or cut in half is an error
with its line, never something to guess at.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from functools import lru_cache

from footnotary.documents.kinds import Part, Prose, Region
from footnotary.errors import DocumentError
from footnotary.markers import Block, blocks_of, closing_of
from footnotary.markers.rendering import rendered_form, rendered_words
from footnotary.markers.spans import code_spans, with_spans
from footnotary.markers.structure import first_line_end, front_matter_end, lines_of

_MENTION = re.compile(r"<!--\s*footnotary:\s*(?:begin|end)\b")
_BEGIN = re.compile(r"\s{0,3}<!-- *footnotary:begin +([a-z0-9][a-z0-9-]*) *-->\s*")
_END = re.compile(
    r"\s{0,3}<!-- *footnotary:end +([a-z0-9][a-z0-9-]*) +sha256=([0-9a-f]{64}) *-->\s*"
)
_HEADING = re.compile(r" {0,3}#{1,6}\s+\S")
_HINT = "Restore the document from git, or fix the marker; nothing was changed."


class RegionEdited(DocumentError):
    """A region that would be rewritten was edited by hand."""

    def __init__(self, message: str, *, diff: str) -> None:
        super().__init__(
            message,
            hint="Move your words out of the region, or overwrite them with --force.",
            detail=diff,
        )
        self.diff = diff


@dataclass(frozen=True)
class FoundRegion:
    """A region as it is in a document.

    Attributes:
        name: Its name.
        first: Line of its begin marker.
        last: Line of its end marker.
        content: What is between the markers.
        checksum: What the end marker states.
    """

    name: str
    first: int
    last: int
    content: str
    checksum: str

    @property
    def edited(self) -> bool:
        """Whether its content is no longer what the tool wrote."""
        made = (checksum_of, _checksum_of_lines)
        return all(one(self.content) != self.checksum for one in made)


def checksum_of(content: str) -> str:
    """Return the checksum of a region's content.

    Returns:
        Hex SHA-256 of what it renders.
    """
    return _checksum_of(content.strip("\n"))  # blank lines around it render nothing


@lru_cache(maxsize=16)  # a refresh asks for that of a region four times
def _checksum_of(content: str) -> str:
    return hashlib.sha256(rendered_form(content).encode()).hexdigest()


def _checksum_of_lines(content: str) -> str:
    """Return the checksum that earlier versions wrote: of the lines, without their white space."""
    lines = (re.sub(r"-{3,}", "---", " ".join(line.split())) for line in content.splitlines())
    return hashlib.sha256("\n".join(line for line in lines if line).encode()).hexdigest()


def regions_of(markdown: str, blocks: tuple[Block, ...] | None = None) -> tuple[FoundRegion, ...]:
    """Return the regions of a document in order.

    Raises:
        DocumentError: A marker is missing, doubled, nested or cut in half; the message
            names the line.
    """
    if "footnotary:" not in markdown:
        return ()
    lines = lines_of(markdown)
    code = _code_lines(blocks_of(markdown) if blocks is None else blocks)
    found: list[FoundRegion] = []
    seen: dict[str, int] = {}
    opened: tuple[str, int] | None = None
    for number, line in enumerate(lines, 1):
        if number in code or not _MENTION.search(line.text):
            continue
        if not _MENTION.search(with_spans(line.text, code_spans(line.text), lambda _: "")):
            continue
        begin, end = _BEGIN.fullmatch(line.text), _END.fullmatch(line.text)
        if begin:
            opened = _open_region(begin[1], number, opened, seen)
        elif end:
            name, first = _close_region(end[1], number, opened)
            content = "".join(each.text + each.end for each in lines[first : number - 1])
            found.append(FoundRegion(name, first, number, content, end[2]))
            opened = None
        else:
            raise DocumentError(f"line {number}: half a region marker.", hint=_HINT)
    if opened:
        raise DocumentError(
            f"line {opened[1]}: the region {opened[0]} has no end marker.", hint=_HINT
        )
    return tuple(found)


def write_regions(parts: Sequence[Part]) -> str:
    """Return a new document's text from its parts."""
    pieces = [
        "\n".join(_region_lines(part)) if isinstance(part, Region) else part.markdown.strip("\n")
        for part in parts
    ]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def refreshed(
    markdown: str, parts: Sequence[Part], *, known: Iterable[str] = (), force: bool = False
) -> str:
    """Return a document with its regions rewritten and everything else as it was.

    Regions that are new in `parts` are put where `parts` has them; regions that are gone
    from `parts` are taken out if nobody has edited them.

    Args:
        markdown: The document.
        parts: What it would be if it were new.
        known: Names of the regions that were last written: one of them that is missing was
            taken out by hand.
        force: Overwrite edited regions and write missing ones again.

    Raises:
        RegionEdited: A region that would change was edited by hand.
        DocumentError: A marker is in a broken state, or a known region is missing.
    """
    mark = "\ufeff" if markdown.startswith("\ufeff") else ""
    markdown = markdown.removeprefix(mark)
    found = {region.name: region for region in regions_of(markdown)}
    wanted = {part.name: part for part in parts if isinstance(part, Region)}
    if not force:
        _refuse_missing(found, wanted, known)
        _refuse_edited(found, wanted)
    lines = [line.text + line.end for line in lines_of(markdown)]
    end = first_line_end(lines_of(markdown))
    inserted = {
        at: _insert_region(lines, at, pieces, end)
        for at, pieces in _insertions(markdown, parts, found).items()
    }
    for region in found.values():
        part = wanted.get(region.name)
        if part is not None:
            _replace_region(lines, region, part, end)
        elif force or not region.edited:
            _take_out(lines, region)
    return (
        mark
        + inserted.get(0, "")
        + "".join(line + inserted.get(number, "") for number, line in enumerate(lines, 1))
    )


def _open_region(
    name: str, number: int, opened: tuple[str, int] | None, seen: dict[str, int]
) -> tuple[str, int]:
    """Open a region, or say why it cannot be."""
    if opened:
        raise DocumentError(
            f"line {number}: the region {name} begins inside the region {opened[0]}"
            f" (line {opened[1]}).",
            hint=_HINT,
        )
    if name in seen:
        raise DocumentError(
            f"line {number}: a second region {name}; the first is on line {seen[name]}.",
            hint=_HINT,
        )
    seen[name] = number
    return name, number


def _close_region(name: str, number: int, opened: tuple[str, int] | None) -> tuple[str, int]:
    """Return the region that an end marker closes, or say why it closes none."""
    if opened is None:
        raise DocumentError(f"line {number}: the region {name} has no begin marker.", hint=_HINT)
    if opened[0] != name:
        raise DocumentError(
            f"line {number}: the region {opened[0]} (line {opened[1]}) ends as {name}.", hint=_HINT
        )
    return opened


def _refuse_missing(
    found: dict[str, FoundRegion], wanted: dict[str, Region], known: Iterable[str]
) -> None:
    """Refuse a document from which a region was taken out."""
    missing = [name for name in known if name in wanted and name not in found]
    if missing:
        raise DocumentError(
            f"the region {missing[0]} is missing, though the front matter lists it.",
            hint="Restore it from git, or write it again with --force.",
        )


def _refuse_edited(found: dict[str, FoundRegion], wanted: dict[str, Region]) -> None:
    """Refuse to overwrite what somebody wrote into a region."""
    edited = [
        region
        for region in found.values()
        if region.edited
        and region.name in wanted
        and checksum_of(wanted[region.name].markdown) != checksum_of(region.content)
    ]
    if not edited:
        return
    diff = "".join(_show_diff(region, wanted[region.name]) for region in edited)
    places = ", ".join(f"{region.name} (line {region.first})" for region in edited)
    raise RegionEdited(f"edited by hand: {places}; nothing was changed.", diff=diff)


def _show_diff(region: FoundRegion, part: Region) -> str:
    """Return what rewriting a region would change, in lines or, if that is less, in words."""
    is_now, would_be = region.content.strip(), part.markdown.strip()
    names = (f"{region.name} (as it is)", f"{region.name} (as it would be written)")
    pairs = (
        (is_now.splitlines(), would_be.splitlines()),
        (rendered_words(is_now), rendered_words(would_be)),
    )
    diffs = [list(unified_diff(*pair, *names, lineterm="")) for pair in pairs]
    shortest = min(filter(None, diffs), key=len, default=[])
    return "".join(f"{line}\n" for line in shortest)


def _region_lines(region: Region) -> list[str]:
    """Return a region with its markers, line by line."""
    content = _MENTION.sub(lambda found: found[0].replace("<", "&lt;"), region.markdown.strip())
    return [
        f"<!-- footnotary:begin {region.name} -->",
        "",
        *content.splitlines(),
        "",
        f"<!-- footnotary:end {region.name} sha256={checksum_of(content)} -->",
    ]


def _replace_region(lines: list[str], region: FoundRegion, part: Region, end: str) -> None:
    """Rewrite a region in place; one that says the same already is left as it is."""
    if checksum_of(part.markdown) == region.checksum and not region.edited:
        return
    last = lines[region.last - 1]
    text = end.join(_region_lines(part)) + last[len(last.rstrip("\r\n")) :]
    lines[region.first - 1 : region.last] = [text] + [""] * (region.last - region.first)


def _take_out(lines: list[str], region: FoundRegion) -> None:
    """Remove a region, and the blank line behind it where one is left before it."""
    last = region.last
    above = region.first == 1 or not lines[region.first - 2].strip()
    if above and last < len(lines) and not lines[last].strip():
        last += 1
    lines[region.first - 1 : last] = [""] * (last - region.first + 1)


def _insert_region(lines: list[str], at: int, pieces: list[str], end: str) -> str:
    """Return the text that goes behind a line, with blank lines around it."""
    text = (end * 2).join(piece.replace("\n", end) for piece in pieces)
    before = lines[at - 1] if at else end
    above = "" if not before.strip() else end if before.endswith(("\n", "\r")) else end * 2
    below = end if at < len(lines) and lines[at].strip() else ""
    return above + text + end + below


def _insertions(
    markdown: str, parts: Sequence[Part], found: dict[str, FoundRegion]
) -> dict[int, list[str]]:
    """Return what is to be inserted, by the line behind which it goes."""
    missing = [
        at for at, part in enumerate(parts) if isinstance(part, Region) and part.name not in found
    ]
    if not missing:
        return {}
    landmarks = _Landmarks.of(markdown, parts, found)
    insertions: dict[int, list[str]] = {}
    for at in missing:
        part = parts[at]
        before = parts[at - 1] if at else None
        pieces = ["\n".join(_region_lines(part))] if isinstance(part, Region) else []
        new_prose = isinstance(before, Prose) and (heading := _heading_of(before)) != ""
        if new_prose and heading not in landmarks.headings and isinstance(before, Prose):
            pieces.insert(0, before.markdown.strip("\n"))
        insertions.setdefault(landmarks.place(parts, at), []).extend(pieces)
    return insertions


@dataclass(frozen=True)
class _Landmarks:
    """What a new region can be placed by.

    Attributes:
        regions: Last line of each region, by name.
        headings: Line of each of the author's headings, by its text.
        stops: Lines before which a section of prose ends.
        body: Last line of the front matter.
        last: Last line before the closing blocks.
    """

    regions: dict[str, int]
    headings: dict[str, int]
    stops: tuple[int, ...]
    body: int
    last: int

    @classmethod
    def of(
        cls, markdown: str, parts: Sequence[Part], found: dict[str, FoundRegion]
    ) -> "_Landmarks":
        """Read the landmarks of a document."""
        lines = lines_of(markdown)
        blocks = blocks_of(markdown)
        owned = {n for region in found.values() for n in range(region.first, region.last + 1)}
        texts = {_heading_of(part) for part in parts if isinstance(part, Prose)} - {""}
        headings = {
            lines[block.first - 1].text.strip(): block.first
            for block in blocks
            if block.kind == "heading" and block.first not in owned
        }
        hidden = front_matter_end(markdown)
        closing = closing_of(markdown, blocks).start
        last = closing - 1 if closing else len(lines)
        return cls(
            {region.name: region.last for region in found.values()},
            headings,
            tuple(
                sorted(
                    [region.first for region in found.values()]
                    + [line for text, line in headings.items() if text in texts]
                    + [last + 1]
                )
            ),
            sum(1 for line in lines if line.offset < hidden),
            next((n for n in range(last, 0, -1) if lines[n - 1].text.strip()), 0),
        )

    def place(self, parts: Sequence[Part], at: int) -> int:
        """Return the line behind which a part goes: below what is before it in `parts`."""
        for part in reversed(parts[:at]):
            if isinstance(part, Region) and part.name in self.regions:
                return self.regions[part.name]
            heading = _heading_of(part) if isinstance(part, Prose) else ""
            if heading in self.headings:
                line = self.headings[heading]
                return next((stop - 1 for stop in self.stops if stop > line), self.last)
        return self.body


def _heading_of(part: Prose) -> str:
    """Return the last heading of a piece of prose, or an empty string."""
    found = [line.strip() for line in part.markdown.splitlines() if _HEADING.match(line)]
    return found[-1] if found else ""


def _code_lines(blocks: Iterable[Block]) -> set[int]:
    """Return the lines that are code."""
    return {
        number
        for block in blocks
        if block.kind == "code"
        for number in range(block.first, block.last + 1)
    }
