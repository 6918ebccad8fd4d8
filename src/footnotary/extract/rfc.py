"""RFCs and Internet-Drafts in plain text: without their page breaks, with their sections.

A sentence that runs over a page is interrupted by a foot and a head (RFC 7994 section 3 says
that newer ones have neither); a quote must not be.
"""

import calendar
import re
from datetime import date

from footnotary.extract.plain import text_page
from footnotary.models import Heading, Page, Response

_SIGN = re.compile(
    rb"^\s*(?:Network Working Group|Internet Engineering Task Force|Internet Architecture Board"
    rb"|Independent Submission|Internet Research Task Force)\b|^(?:Request for Comments: +\d+"
    rb"|RFC: *\d+|Internet-Draft )",
    re.IGNORECASE | re.MULTILINE,
)
_FOOT_AND_HEAD = re.compile(
    r"\n[^\n]*\[[Pp]age +[\divxlc]+\][ \t]*\n+(?:\f\n*(?:(?:RFC|Internet-Draft)[^\n]*\n+)?)?"
    r"(?:RFC \d+ [^\n]* (?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December) \d{4}\n+)?"
)
_HEADING = re.compile(
    r"^(?P<number>\d+(?:\.\d+)*|(?:Appendix )?[A-Z](?:\.\d+)*)\.? {1,3}"
    r"(?P<words>[A-Z\"][^\n]{2,70})$",
    re.MULTILINE,
)
_LEADERS = re.compile(r"\.{3,}|(?: \.){2,}|\s\d+$")
_MONTHS = tuple(calendar.month_name)[1:]
_DATE = re.compile(
    rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (?:(\d{{1,2}}), )?(\d{{4}})$", re.MULTILINE
)
_CENTRED = re.compile(r"\n\n {3,}(\S[^\n]*(?:\n {3,}\S[^\n]*){0,3})\n\n")
_HEAD = 3000


class RfcExtractor:
    """Plain text laid out as the RFC Editor does."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is the text of an RFC or Internet-Draft."""
        return response.media_type in ("text/plain", "") and bool(
            _SIGN.search(response.body[:2000])
        )

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text without page breaks, with title, date and sections."""
        page = text_page(response, response.media_type or "text/plain")
        text = joined(page.text).strip("\n")
        published = _published(text)
        fields = {"title": _title(text), "published": published}
        return page.model_copy(
            update={
                **fields,
                "text": text,
                "headings": _headings(text),
                "language": "en",
                "origins": {name: "text" for name, value in fields.items() if value},
            }
        )


def joined(text: str) -> str:
    """Return a text without feet, form feeds and heads of pages.

    Args:
        text: As published.
    """
    plain = _FOOT_AND_HEAD.sub("\n", text).replace("\f", "\n")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+$", "", plain, flags=re.MULTILINE))


def _headings(text: str) -> tuple[Heading, ...]:
    """Return the numbered sections; lines of the table of contents are none."""
    return tuple(
        Heading(
            offset=found.start(),
            level=min(6, 1 + found["number"].count(".")),
            text=found[0],
            anchor=_anchor(found["number"]),
        )
        for found in _HEADING.finditer(text)
        if not _LEADERS.search(found["words"])
    )


def _anchor(number: str) -> str:
    """Return the id that the RFC Editor's pages give a section."""
    if number.startswith("Appendix "):
        return f"appendix-{number.removeprefix('Appendix ')}"
    return f"{'section' if number[0].isdigit() else 'appendix'}-{number}"


def _title(text: str) -> str:
    """Return the centred title above the first paragraph, or nothing."""
    found = _CENTRED.search(text, 0, _HEAD)
    return " ".join(found[1].split()) if found else ""


def _published(text: str) -> date | None:
    """Return the day in the head; the first of the month where only that is given."""
    found = _DATE.search(text, 0, _HEAD)
    if found is None:
        return None
    day = int(found[1] or found[3] or 1)
    try:
        return date(int(found[4]), _MONTHS.index(found[2]) + 1, day)
    except ValueError:
        return None
