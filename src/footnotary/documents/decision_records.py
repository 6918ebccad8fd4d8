"""Decision records in MADR's form (Markdown Architectural Decision Records), versions 2 to 4.

Version 2 has status and date as a list below the title, later ones in front matter; it tells
positive from negative consequences. Sections that are not read stay in the record's own text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape

from footnotary.documents.escape import prose, write_link
from footnotary.documents.front_matter import fields
from footnotary.documents.yaml_edits import with_fields
from footnotary.errors import DocumentError
from footnotary.facts.research import DecisionMade, OptionWeighed, ResearchTrail
from footnotary.markers import Block, blocks_of
from footnotary.markers.structure import first_line_end, front_matter_end, lines_of

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,9}[.)])\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_RELATIVE = re.compile(r"!?\[([^\[\]]*)\]\((?!https?://)[^()]*\)")
_LINKED_FILE = re.compile(r"\(([^()\s]*\.md)[^()]*\)")
_ARGUMENT = re.compile(r"(?:good|neutral|bad|pro|con)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\bADR[- ]?(\d{1,6})\b", re.IGNORECASE)
_FILE = re.compile(r"\bby\s+[`\"']?([\w.-]*\w)", re.IGNORECASE)
_OF_LIST = re.compile(
    r"^([*+-]\s+(Status|Date)\s*:[ \t]*)(.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_CHOSEN = re.compile(r"Chosen options?\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(
    r"(?:\"([^\"]+)\"|“([^“”]+)”)\s*(?:$|[,;.:]|(?=because|since|as\b|due to))\s*(.*)", re.DOTALL
)
_BECAUSE = re.compile(r"(.+?)[,;]?\s+because\b:?\s*(.*)", re.IGNORECASE | re.DOTALL)
_REASON = re.compile(r"(?:because|since|as|due to)\b:?\s*", re.IGNORECASE)
_LABELLED = re.compile(r"(?:option\s*)?\w{1,2}\s*[:.)]\s*", re.IGNORECASE)
_OPEN = {"proposed", "draft", "open", "pending"}
_IN_FORCE = {"accepted", "approved", "adopted", "decided", "implemented", "done"}
_WITHDRAWN = {"rejected", "deprecated", "withdrawn", "obsolete", "retired"}
_OUTCOME = "decision outcome"
_OPTIONS = "considered options"
_ARGUMENTS = "pros and cons of the options"
_CONSEQUENCES = {
    "consequences": "",
    "positive consequences": "Good: ",
    "negative consequences": "Bad: ",
}
_READ = ("context and problem statement", _OPTIONS, _OUTCOME)


@dataclass(frozen=True)
class DecisionRecord:
    """What a decision record says.

    Attributes:
        made: The decision, with the record itself.
        context: The problem that it states, as Markdown.
        status: Its status, as it is written; empty where it has none.
        superseded_by: The record that has replaced it: a file name, or the number of an ADR.
        warning: What was not understood, as a clause; empty where all was.
    """

    title: str
    made: DecisionMade
    context: str = ""
    status: str = ""
    superseded_by: str = ""
    warning: str = ""


@dataclass(frozen=True)
class _Section:
    """A heading (`title` in lower case, as `shown`) and the blocks up to the next one."""

    level: int
    title: str
    shown: str
    first: int
    last: int
    blocks: tuple[Block, ...]


def parse_decision(text: str, file: str, made: DecisionMade) -> DecisionRecord:
    """Read a decision record; `made` says when.

    Raises:
        DocumentError: It is no decision record, or its front matter does not read.
    """
    sections = _sections(text)
    title = next((one.shown for one in sections if one.level == 1), "")
    if not title or not any(one.title in _READ for one in sections):
        raise DocumentError(
            "no decision record: it has no title, or no section such as “Decision Outcome”."
        )
    status, day = _said_of_itself(text)
    chosen, why = _outcome(sections)
    options = _options(sections, chosen)
    chosen = next((one.title for one in options if _folded(one.title) == _folded(chosen)), chosen)
    word = _folded(_LINK.sub(r"\1", status)).partition(" ")[0]
    is_superseded = word == "superseded"
    state = "decided" if word in _IN_FORCE or (chosen and not word) else "open"
    state = "withdrawn" if is_superseded or word in _WITHDRAWN else state
    is_known = not word or is_superseded or word in _OPEN | _IN_FORCE | _WITHDRAWN
    return DecisionRecord(
        title,
        made.model_copy(
            update={
                "state": state,
                "day": day,
                "options": options,
                "chosen": chosen,
                "why": why,
                "withdrawn": _plain(status) if is_superseded else "",
                "consequences": tuple(_consequences(sections)),
                "file": file,
                "record": text,
            }
        ),
        _context(text, sections),
        status,
        _successor(status) if is_superseded else "",
        "" if is_known else f"status {status!r} is not one of MADR's; it is shown as {state}",
    )


def _context(text: str, sections: Sequence[_Section]) -> str:
    """Return the Markdown of context and drivers; of links to files beside it the words."""
    lines = [line.text for line in lines_of(text)]
    found = [
        (one[0].first, one[-1].last)
        for title in ("context and problem statement", "decision drivers")
        if (one := _below(sections, title))
    ]
    shown = ("\n".join(lines[first:last]).strip() for first, last in found)
    kept = (_RELATIVE.sub(r"\1", _COMMENT.sub("", one)).strip() for one in shown)
    return "\n\n".join(filter(None, kept))


def _said_of_itself(text: str) -> tuple[str, date | None]:
    """Return status and date: from front matter, or from the list of version 2."""
    said = {str(name).casefold(): value for name, value in fields(text).items()}
    body = text[front_matter_end(text) :].replace("\r\n", "\n")
    head = body.partition("\n## ")[0]
    for found in _OF_LIST.finditer(head):
        said.setdefault(found[2].casefold(), _COMMENT.sub("", found[3]).strip())
    status, day = said.get("status", ""), said.get("date", "")
    try:
        parsed = date.fromisoformat(str(day).strip())
    except ValueError:
        parsed = None
    return " ".join(str(status).split())[:1_000], parsed


def _successor(status: str) -> str:
    """Return what a status names as the record that replaces this one."""
    link, number, name = (one.search(status) for one in (_LINKED_FILE, _NUMBER, _FILE))
    if link:
        return link[1].rpartition("/")[2]
    if number:
        return number[1]
    return name[1] if name else ""


def _sections(text: str) -> tuple[_Section, ...]:
    """Return the sections of a record; headings in code are none."""
    blocks = blocks_of(text)
    count = len(lines_of(text))
    heads = [at for at, one in enumerate(blocks) if one.kind == "heading" and not one.containers]
    found = []
    for at, following in zip(heads, [*heads[1:], len(blocks)], strict=False):
        head = blocks[at]
        last = blocks[following].first - 1 if following < len(blocks) else count
        shown = _plain(head.content)
        found.append(
            _Section(
                int(head.info[1:] or 1),
                _folded(shown),
                shown,
                head.first,
                last,
                blocks[at + 1 : following],
            )
        )
    return tuple(found)


def _plain(markdown: str) -> str:
    """Return Markdown of one block on one line, without comments, links and references."""
    return unescape(" ".join(_LINK.sub(r"\1", _COMMENT.sub("", markdown)).split()))


def _folded(words: str) -> str:
    """Return words as they are compared: in lower case, without marks at either end."""
    return words.casefold().strip(" \"'`*_[](){}.:“”")


def _items(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the items of lists; what is in an item belongs to it."""
    for block in blocks:
        if block.kind in ("paragraph", "heading") and block.containers == ("list",):
            words = _plain(block.content)
            if words and words != "…":
                yield words


def _below(sections: Sequence[_Section], title: str) -> tuple[_Section, ...]:
    """Return a section with those below it; none where there is none of this title."""
    at = next((n for n, one in enumerate(sections) if one.title == title and one.level > 1), None)
    if at is None:
        return ()
    level = sections[at].level
    rest = [n for n in range(at + 1, len(sections)) if sections[n].level <= level]
    return tuple(sections[at : rest[0] if rest else len(sections)])


def _outcome(sections: Sequence[_Section]) -> tuple[str, str]:
    """Return what was chosen, and why; without the usual words the first paragraph alone."""
    for section in _below(sections, _OUTCOME)[:1]:
        said = [
            _plain(block.content)
            for block in section.blocks
            if block.kind == "paragraph" and not block.containers
        ]
        for words in said:
            if found := _CHOSEN.match(words):
                chosen, why = _choice_in(found[1])
                return chosen, why or "; ".join(_items(section.blocks))
        return "", said[0] if said else ""
    return "", ""


def _choice_in(words: str) -> tuple[str, str]:
    """Return the option and the reason behind `Chosen option:`."""
    if found := _QUOTED.fullmatch(words):
        return (found[1] or found[2]).strip(), _REASON.sub("", found[3], count=1).strip()
    found = _BECAUSE.fullmatch(words)
    chosen, why = (found[1], found[2]) if found else (words, "")
    return re.sub('["“”]', "", chosen).strip(" .,;"), why.strip()


def _options(sections: Sequence[_Section], chosen: str) -> tuple[OptionWeighed, ...]:
    """Return what was considered, with what is said for and against it."""
    found = {
        _folded(title): OptionWeighed(title=title)
        for section in _below(sections, _OPTIONS)[:1]
        for title in _items(section.blocks)
    }
    head, *below = _below(sections, _ARGUMENTS) or (None,)
    level = head.level + 1 if head else 0
    key = ""
    for section in below:
        if section.level == level:
            bare = _LABELLED.sub("", section.title, count=1)
            key = bare if section.title not in found and bare in found else section.title
            found.setdefault(key, OptionWeighed(title=section.shown))
        if key:
            found[key] = _weighed(found[key], section)
    if chosen:
        found.setdefault(_folded(chosen), OptionWeighed(title=chosen))
    return tuple(found.values())


def _weighed(option: OptionWeighed, section: _Section) -> OptionWeighed:
    """Return an option with what a section says of it."""
    items = tuple(_items(section.blocks))
    arguments = tuple(one for one in items if _ARGUMENT.match(one))
    said = [
        _plain(block.content)
        for block in section.blocks
        if block.kind == "paragraph" and not block.containers
    ]
    said += [one for one in items if one not in arguments]
    return option.model_copy(
        update={
            "text": "\n\n".join(filter(None, (option.text, *said))),
            "arguments": (*option.arguments, *arguments),
        }
    )


def _consequences(sections: Sequence[_Section]) -> Iterator[str]:
    """Yield what follows from the decision."""
    for section in _below(sections, _OUTCOME):
        before = _CONSEQUENCES.get(section.title)
        if before is not None:
            for words in _items(section.blocks):
                yield words if words.casefold().startswith(("good", "bad")) else before + words


def render_decision(trail: ResearchTrail, title: str, question: str, successor: str = "") -> str:
    """Return a note's decision as a decision record.

    One that was read from a record, and has not changed since, is that record word for word;
    of one that has changed, what the note does not know stays as the record has it.

    Args:
        trail: The note's trail.
        title: Its title.
        question: What its author says of the question, as Markdown.
        successor: Name of the record that replaces it, without `.md`.
    """
    made = trail.decision
    earlier = [one for one in trail.events if isinstance(one, DecisionMade) and one.record]
    status = f"superseded by {successor}" if successor else _STATUS[trail.state]
    day = trail.day.isoformat() if trail.day else ""
    if made is not None and made.record and not trail.superseded_by:
        return made.record
    if made is not None and made.record:
        return made.record if _names(made.record, successor) else _with_status(made.record, status)
    if made is not None and earlier:
        changed = _with_sections(earlier[-1].record, made)
        return _with_status(_with_status(changed, status), day, "date")
    names = list(dict.fromkeys(one.by for one in trail.events if one.by))
    matter = {"status": status, "date": day, "decision-makers": ", ".join(names)}
    head = f"---\n{with_fields('', matter, {}, chr(10))}---\n\n# {prose(title)}\n"
    body = "".join(f"\n{part}\n" for part in _parts(trail, question or prose(title), made))
    return head + body


_STATUS = {
    "open": "proposed",
    "decided": "accepted",
    "superseded": "superseded",
    "withdrawn": "deprecated",
}


def _names(record: str, successor: str) -> bool:
    """Return whether a record's status already names its successor."""
    named = _successor(_said_of_itself(record)[0]).removesuffix(".md")
    return bool(named) and (named == successor or successor.startswith((f"{named}-", f"0{named}-")))


def _parts(trail: ResearchTrail, question: str, made: DecisionMade | None) -> Iterator[str]:
    """Yield the sections of a record that was not read from one."""
    yield f"## Context and Problem Statement\n\n{question}"
    if made is not None:
        yield from _of_decision(made)
    used = [one for one in trail.sources if one.state == "used"]
    about = [f"* Supersedes {one}" for one in made.supersedes] if made else []
    about += [f"* {write_link(one.title, one.url)}" for one in used]
    if about:
        yield "## More Information\n\n" + "\n".join(about)


def _of_decision(made: DecisionMade) -> Iterator[str]:
    """Yield the sections that a decision has."""
    options = [f"* {prose(one.title)}" for one in made.options]
    if options:
        yield "## Considered Options\n\n" + "\n".join(options)
    outcome = prose(made.why)
    if made.chosen:
        mark = "“{}”" if '"' in made.chosen else '"{}"'
        because = f", because {outcome}" if outcome else "."
        outcome = f"Chosen option: {mark.format(prose(made.chosen))}{because}"
    withdrawn = f"\n\nWithdrawn: {prose(made.withdrawn)}" if made.withdrawn else ""
    yield f"## Decision Outcome\n\n{outcome or 'Not decided yet.'}{withdrawn}"
    if made.consequences:
        yield "### Consequences\n\n" + "\n".join(f"* {prose(one)}" for one in made.consequences)
    weighed = [one for one in made.options if one.text or one.arguments]
    if weighed:
        yield "## Pros and Cons of the Options"
    for one in weighed:
        said = "\n\n".join(map(prose, filter(None, one.text.split("\n\n"))))
        items = "\n".join(f"* {prose(each)}" for each in one.arguments)
        yield "\n\n".join(filter(None, (f"### {prose(one.title)}", said, items)))


def _with_sections(record: str, made: DecisionMade) -> str:
    """Return a record with another decision in the place of its own."""
    lines = [line.text + line.end for line in lines_of(record)]
    sections = _sections(record)
    ours = [_below(sections, title) for title in (_OPTIONS, _OUTCOME, _ARGUMENTS)]
    ranges = sorted((one[0].first, one[-1].last) for one in ours if one)
    end = first_line_end(lines_of(record))
    written = "".join(f"{part}\n\n" for part in _of_decision(made)).replace("\n", end)
    at = ranges[0][0] - 1 if ranges else len(lines)
    gone = {n for first, last in ranges for n in range(first - 1, last)}
    before = "".join(line for n, line in enumerate(lines) if n < at and n not in gone)
    behind = "".join(line for n, line in enumerate(lines) if n >= at and n not in gone)
    joint = "" if not before or before.endswith(("\n", "\r")) else end * 2
    return before + joint + (written if behind.strip() else written.rstrip() + end) + behind


def _with_status(record: str, value: str, name: str = "status") -> str:
    """Return a record with another status, or date, where its version has it."""
    end = first_line_end(lines_of(record))
    behind = front_matter_end(record)
    body = record[behind:]
    head, mark, rest = body.partition("\n## ")
    row = next((one for one in _OF_LIST.finditer(head) if one[2].casefold() == name), None)
    if row is not None:
        return record[:behind] + head[: row.start(3)] + value + head[row.end(3) :] + mark + rest
    if not behind:
        return f"---{end}{with_fields('', {name: value}, {}, end)}---{end}{end}{record}"
    first, *inner, last = re.split(r"(?<=\n)", record[:behind])
    return first + with_fields("".join(inner), {name: value}, {}, end) + last + body
