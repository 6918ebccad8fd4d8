"""`doc export`: a document as other programs read it, each marker a footnote.

`^[1]` is an inline note for Pandoc and markdown-it, which number it anew. `[^1]` with a definition
is a footnote of the same number and words in GFM, Pandoc, Obsidian, remark, markdown-it-footnote,
MyST and Python-Markdown.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path

from footnotary import clock
from footnotary.bibliography import write_bibliography
from footnotary.documents import front_matter
from footnotary.errors import DocumentError
from footnotary.facts.research import DECISION
from footnotary.markers import (
    Marker,
    SourceEntry,
    blocks_of,
    closing_of,
    escaped,
    escaped_url,
    markers_outside,
    synced,
)
from footnotary.markers.outside import notes_defined
from footnotary.markers.spans import (
    Span,
    code_spans,
    comments,
    escaped_opening,
    html_spans,
    with_spans,
)
from footnotary.markers.structure import front_matter_end, is_footnote, lines_of
from footnotary.match.fragment import recorded_link
from footnotary.models import Citation
from footnotary.project import Project
from footnotary.writing.documents_on_disk import read_document, records_for
from footnotary.writing.trails import decisions_in, trail_beside
from footnotary.writing.transaction import apply, writing


def sync_documents(
    project: Project, paths: Iterable[Path], *, write: bool = True
) -> dict[Path, bool]:
    """Number the markers of documents.

    Args:
        project: Whose records they cite.
        paths: The Markdown files.
        write: Write the files; otherwise say only which would change.

    Returns:
        Whether each file changed, by path.

    Raises:
        DocumentError: A document is in a state that must not be guessed at; no file is
            changed then.
    """
    if not write:
        return {path: after is not None for path, after in _changed(project, paths).items()}
    with writing(project):
        changed = _changed(project, paths)
        apply(project, {path: text.encode() for path, text in changed.items() if text is not None})
    return {path: text is not None for path, text in changed.items()}


def synced_text(
    project: Project, path: Path, text: str, renewed: Mapping[str, Citation] | None = None
) -> str:
    """Return a document as `sync` would write it.

    Raises:
        DocumentError: The document is in a state that must not be guessed at.
    """
    citations = records_for(project, {path.name: text}) | dict(renewed or {})
    return _synced(project, path, text, citations, decisions_in(project, [text]))


def _changed(project: Project, paths: Iterable[Path]) -> dict[Path, str | None]:
    """Return each document's new text, None where it stays as it is."""
    before = {path: read_document(path) for path in paths}
    citations = records_for(project, {path.name: text for path, text in before.items()})
    decisions = decisions_in(project, before.values())
    after = {
        path: _synced(project, path, text, citations, decisions) for path, text in before.items()
    }
    return {path: after[path] if after[path] != before[path] else None for path in before}


def _synced(
    project: Project,
    path: Path,
    text: str,
    citations: Mapping[str, Citation],
    decisions: Mapping[str, str],
) -> str:
    """Return one document with its markers numbered."""
    try:
        matter = front_matter.read_front_matter(text)
        versions = matter.versions if matter else {}
        return synced(
            text,
            citations,
            clock.today(),
            versions,
            stale_after_days=project.stale_after_days,
            form=project.marker,
            always=matter is not None,
            decisions=decisions,
            trail=trail_beside(path),
        )
    except DocumentError as error:
        raise DocumentError(f"{path.name}, {error.message}", hint=error.hint) from error


SUFFIXES = {"notes": ".md", "html": ".html", "docx-ready": ".md", "csl": ".json"}
"""Names of the forms, and what files of them end in."""

_MATTER_TITLE = re.compile(r"^title: *(.+)$", re.MULTILINE)
_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
# Markdown of Pandoc's own: superscript, subscript, citations, divisions.
_OF_PANDOC = re.compile(
    r"(?<![\\~])~(?!~)|(?<!\\)\^(?!\[)|(?<![\w\\])@(?=\w)|^:(?=::)", re.MULTILINE
)
_ADDRESS = re.compile(r"<https?://[^<>\s]*>|https?://[^\s<>()]+|\]\([^()\s]*\)|\[\^[^\]\s]+\]")
_REPEATED = re.compile(r"\[\^=(\d+)\]")
_HTML_DROPPED = re.compile(r"</?(?:details|a)\b[^>]*>|</summary>", re.IGNORECASE)
_STYLE = "body{max-width:45rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}"
_STYLE += "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .5rem}"
_EXTENSIONS = ("tables", "fenced_code", "footnotes", "sane_lists")


def export_document(project: Project, path: Path, form: str) -> str:
    """Return a document in another form; the file stays as it is.

    Raises:
        DocumentError: A marker has no source, or the document is in a state that must not be
            guessed at.
    """
    text = synced_text(project, path, read_document(path))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    citations = records_for(project, {path.name: text})
    if form == "csl":
        keys = [entry.key for entry in _entries(path, text).values()]
        return write_bibliography([citations[key] for key in keys if key in citations], "csl-json")
    notes = _with_notes(path, text, citations, once=form == "docx-ready")
    if form == "docx-ready":
        return _for_pandoc(notes)
    return _as_html(path, notes) if form == "html" else notes


def _entries(path: Path, text: str) -> dict[int, SourceEntry]:
    """Return the entries that the markers of a document stand for, by number."""
    closing = closing_of(text, blocks_of(text))
    entries = {one.number: one for one in (closing.sources.entries if closing.sources else ())}
    found: dict[int, SourceEntry] = {}
    for marker in _markers(text):
        for label in marker.labels:
            if not label.isdigit() or int(label) not in entries:
                raise DocumentError(
                    f"{path.name}, line {marker.line}: {marker.show(label)} has no source.",
                    hint="`doc check` names every such marker.",
                )
            found[int(label)] = entries[int(label)]
    return found


def _markers(text: str) -> list[Marker]:
    """Return the markers of a document, without those in its closing blocks.

    Inline notes of Pandoc (`^[ibid]`) look like one, and are their author's.
    """
    closing = closing_of(text, blocks_of(text))
    return [one for one in markers_outside(text, closing) if any(map(is_footnote, one.labels))]


def _with_notes(
    path: Path, text: str, citations: Mapping[str, Citation], *, once: bool = False
) -> str:
    """Return a document whose markers are footnotes with definitions.

    With `once`, every marker of a source but the first is `[^=n]`: Pandoc numbers each anew.
    """
    entries = _entries(path, text)
    closing, lines = closing_of(text, blocks_of(text)), lines_of(text)
    is_taken = any(map(str.isdigit, notes_defined(text, closing)))
    prefix = "source-" if is_taken else ""  # the author has notes of these names
    parts: list[str] = []
    seen: set[str] = set()
    at = 0
    for marker in _markers(text):
        parts.append(text[at : marker.offset] or " ")  # 1 and 3 are not 13
        for place, one in enumerate(marker.labels):
            parts.append(" " if place else "")
            parts.append(f"[^={one}]" if one in seen and once else f"[^{prefix}{one}]")
            seen.add(one)
        at = marker.end
        if text.startswith(":", at) and (
            not text[text.rfind("\n", 0, marker.offset) + 1 : marker.offset].strip()
        ):
            parts.append("\\")  # or it were a definition
    if closing.sources is None:
        return "".join([*parts, text[at:]])
    sources = closing.sources
    alone = sources.rule and (closing.context is None or closing.context.first < sources.first)
    begin = lines[(sources.rule if alone else sources.first) - 1].offset
    end = lines[sources.last - 1]
    body = "".join([*parts, text[at:begin]]).rstrip() + "\n\n"
    behind = text[end.offset + len(end.text) :].strip()
    definitions = [
        f"[^{prefix}{number}]: {_definition(entry, citations.get(entry.key))}\n"
        for number, entry in sorted(entries.items())
    ]
    return body + (f"{behind}\n\n" if behind else "") + "\n".join(definitions)


def _definition(entry: SourceEntry, citation: Citation | None) -> str:
    """Return what a footnote says of its source: title, authors, days, quote and link."""
    if citation is None:
        about = entry.note if entry.key.startswith(DECISION) else ""
        said = [entry.title, about or (f"read {entry.accessed}" if entry.accessed else "")]
        return _joined(said, entry.quote, entry.url)
    by = ", ".join(citation.authors)
    published = f"published {citation.published}" if citation.published else ""
    site = citation.site if citation.site not in (citation.title, by) else ""
    title = citation.title if citation.title != citation.final_url else ""
    about = ", ".join(filter(None, (site, published, f"read {citation.accessed}")))
    is_beside = bool(citation.evidence.text_url)
    url = citation.url if is_beside else citation.final_url
    if url.startswith(("http://", "https://")) and not is_beside:
        url = recorded_link(url, citation.quote, citation.evidence.media_type)
    return _joined([title, by, about], citation.quote.exact, url)


def _joined(said: list[str], quote: str, url: str) -> str:
    """Return a definition on one line."""
    words = " ".join(escaped(" ".join(one.split())).rstrip(".") + "." for one in said if one)
    quoted = f" \u201c{escaped(' '.join(quote.split()))}\u201d" if quote else ""
    is_web = url.startswith(("http://", "https://"))
    where = f"<{escaped_url(url)}>" if is_web else f"`{url}`" if url else ""
    return escaped_opening(f"{words}{quoted} {where}".strip())


def _for_pandoc(notes: str) -> str:
    """Return a document that Pandoc's Markdown reads as GFM does, without HTML and front matter."""
    notes = notes[front_matter_end(notes) :].lstrip("\r\n")
    lines = lines_of(notes)
    code = {
        number
        for block in blocks_of(notes)
        if block.kind == "code"
        for number in range(block.first, block.last + 1)
    }
    parts, run = [], ""
    for number, line in enumerate(lines, 1):
        if number in code:
            parts += [_plainer(run), line.text + line.end]
            run = ""
        else:
            run += line.text + line.end
    written = "".join([*parts, _plainer(run)])
    return re.sub(r"\n{3,}", "\n\n", _REPEATED.sub(r"^\1^", written))


def _plainer(text: str) -> str:
    """Return Markdown outside of code blocks without comments, tags and Pandoc's own signs."""
    text = with_spans(text, comments(text), lambda _: "")
    return _outside(text, code_spans(text), _without_html)


def _without_html(text: str) -> str:
    """Return Markdown outside of code with the tags of our documents as words."""

    def shown(span: Span) -> str:
        tag = text[span.start : span.end]
        if tag.lower().startswith("<br"):
            return " "
        return "**" if re.match(r"</?summary", tag, re.IGNORECASE) else _HTML_DROPPED.sub("", tag)

    text = with_spans(text, html_spans(text), shown)
    addresses = (Span(*one.span(), *one.span()) for one in _ADDRESS.finditer(text))
    return _outside(text, addresses, lambda words: _OF_PANDOC.sub(r"\\\g<0>", words))


def _outside(text: str, spans: Iterable[Span], change: Callable[[str], str]) -> str:
    """Return a text with everything outside of some stretches changed."""
    parts, at = [], 0
    for span in spans:
        parts += [change(text[at : span.start]), text[span.start : span.end]]
        at = span.end
    return "".join([*parts, change(text[at:])])


def _as_html(path: Path, notes: str) -> str:
    """Return a document as one page of HTML."""
    from markdown import markdown

    end = front_matter_end(notes)
    title = _MATTER_TITLE.search(notes, 0, end) or _HEADING.search(notes, end)
    words = escape(title[1].strip("\"' ") if title else path.stem)
    body = markdown(notes[end:], extensions=list(_EXTENSIONS), output_format="html")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{words}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
