"""The nouns of a citation: response, page, record. Frozen pydantic models."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

RECORD_SCHEMA = 2
Publisher = Literal["github", "gitlab", "gitea", "pypi", "npm", "doi", "arxiv"]
"""What publishes a page whose text is at another address, too."""


class Model(BaseModel):
    """A frozen model; unknown fields are an error that names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class How(StrEnum):
    """How a response was had."""

    WEB = "web"
    FILE = "file"
    ARCHIVE = "archive"


class Response(Model):
    """One answer, decoded and whole, before anything is read out of it.

    Attributes:
        url: What was asked for.
        final_url: Where the redirects ended, without its fragment.
        status: HTTP status; 200 for a saved file.
        headers: Response headers, names in lower case; repeated ones joined with ", ".
        body: The body, content encoding removed.
        retrieved_at: When the origin last confirmed it (aware, UTC).
        how: Web, saved file or archive.
        redirects: Every URL on the way, first to last, without `final_url`.
        from_cache: Whether the body came from our cache (fresh, or confirmed by a 304).
        styles: The style sheets that a page links and that could be had, by address.
    """

    url: str
    final_url: str
    status: int = 200
    headers: dict[str, str] = Field(default_factory=dict)
    body: bytes = b""
    retrieved_at: datetime
    how: How = How.WEB
    redirects: tuple[str, ...] = ()
    from_cache: bool = False
    styles: dict[str, str] = Field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty if none was sent."""
        sent = self.headers.get("content-type", "").partition(";")[0]
        words = sent.replace(",", " ").split()  # some servers send two, or forget the ";"
        return words[0].lower() if words else ""

    @property
    def path(self) -> str:
        """The path of the file where it came from, in lower case; empty if it has none.

        Forges give a file's bytes at its address with `/raw` behind it.
        """
        try:
            return urlsplit(self.final_url).path.lower().removesuffix("/raw")
        except ValueError:
            return ""


class UnreadableReason(StrEnum):
    """Why a page's text could not be read. None of these means "not there"."""

    TOO_SHORT = "too-short"
    SCRIPT_ONLY = "script-only"
    LOGIN_WALL = "login-wall"
    CONSENT_WALL = "consent-wall"
    SOFT_404 = "soft-404"
    BLOCKED = "blocked"
    UNSUPPORTED_TYPE = "unsupported-type"
    TOO_COMPLEX = "too-complex"

    @property
    def is_little(self) -> bool:
        """Whether what came is the page's own words, though hardly any."""
        return self in (UnreadableReason.TOO_SHORT, UnreadableReason.SCRIPT_ONLY)


UNREADABLE = "\ufffc"
"""Stands in a text for what is drawn and is no text: no quote runs across it."""


class Heading(Model):
    """A heading of a page.

    Attributes:
        offset: Where it begins in `Page.text`, in characters.
        level: 1 to 6.
        text: Its words.
        anchor: The id a link can point to; may be empty.
    """

    offset: int
    level: int
    text: str
    anchor: str = ""


class Unseen(Model):
    """Words in the source of a page that no reader sees as it loads.

    Attributes:
        text: The words, a block a line.
        reason: What hides them, in the words of CSS.
    """

    text: str
    reason: str


class Page(Model):
    """One source, fetched and extracted, at one moment.

    Attributes:
        url: What was asked for.
        final_url: Where it was found.
        canonical_url: What the page calls itself; empty if it does not.
        title: Title without the site's name.
        site: Name of the site.
        authors: Names, in order; empty rather than guessed.
        published: Day of publication, if the page states one.
        modified: Day of its last change, if the page states one.
        language: BCP 47 tag, or empty.
        license: URL or name of the licence the page states, or empty.
        media_type: What the text was read as.
        text: Visible text: one block element a line, white space collapsed inside a line
            except in preformatted blocks, whose lines are kept.
        headings: Headings in order of their offset.
        closed: Stretches of the text, as offsets, that are closed as the page loads and that a
            reader opens with one act: the panels of tabs.
        unsure: Stretches that the page's style hides and that a script shows.
        doubtful: Stretches of which it is not known whether the style hides them.
        rows: Rows of tables that have more than one cell; a tab parts the cells.
        kept: Stretches whose lines and spaces are their own: code, and other preformatted text.
        borders: Captions and terms, which a quote may begin with and not run into.
        moved: Stretches that the style puts elsewhere; a quote does not cross their ends.
        generated: Offsets of words that a style generates, which are U+FFFC in the text, with them.
        unseen: Words that are in the source and that no reader sees, with the reason.
        style_read: Whether all style sheets of the page, which may hide words, were read; None
            for what has none.
        page_starts: For paged media, the offset at which each page begins.
        origins: Where each metadata field came from, by field.
        unreadable: Why the text cannot be relied on, or None.
    """

    url: str
    final_url: str
    canonical_url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    language: str = ""
    license: str = ""
    media_type: str = ""
    text: str = ""
    headings: tuple[Heading, ...] = ()
    closed: tuple[tuple[int, int], ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    borders: tuple[tuple[int, int], ...] = ()
    moved: tuple[tuple[int, int], ...] = ()
    generated: tuple[tuple[int, str], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    style_read: bool | None = None
    page_starts: tuple[int, ...] = ()
    origins: dict[str, str] = Field(default_factory=dict)
    unreadable: UnreadableReason | None = None


EDGE = "\ufdd0"
"""In a page's text as browsers search it: markup begins or ends here."""
APART = "\ufdd1"
"""Around words that not all browsers find: formulas, words with readings above them."""


class Quote(Model):
    """The quote of a record: a W3C Web Annotation TextQuoteSelector and how it matched.

    Attributes:
        exact: The page's own words.
        prefix: Words before them, as long as needed to be unique.
        suffix: Words behind them.
        match: `exact`, or `normalized` by the rule in docs/matching.md.
        section: Heading above the passage, or for PDFs `p. N`; with `(in a closed tab)` behind it
            where a reader opens the passage first.
        fragment: The directive that opens the page at them (`:~:text=…`), where the page's markup
            asks for another than their own words. Absent from records without one.
    """

    exact: str = Field(min_length=1)
    prefix: str = ""
    suffix: str = ""
    match: Literal["exact", "normalized"] = "exact"
    section: str = ""
    fragment: str = ""


class Evidence(Model):
    """What was seen when the quote was checked.

    Attributes:
        retrieved_at: When the origin last confirmed the page (UTC).
        how: Web, saved file or archive.
        status: HTTP status.
        media_type: Media type of the body.
        etag: ETag header, or empty.
        last_modified: Last-Modified header, or empty.
        body_sha256: Hex digest of the decoded body.
        text_sha256: Hex digest of the extracted text, UTF-8.
        passage: Some 600 characters of the page around the quote.
        text_url: Where the words were read, if not on the page itself: the raw file, the
            Markdown or PDF beside the page, an index's JSON. Absent from records without one.
        style_read: Whether the page's style sheets were read, which hide words; None where
            that is unknown.
        words_sha256: Hex digest of what a reading writes (see `rules.edits`); who edits a
            record by hand leaves it behind. Absent from records without one.
    """

    retrieved_at: datetime
    how: How = How.WEB
    status: int = 200
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body_sha256: str
    text_sha256: str
    passage: str
    text_url: str = ""
    style_read: bool | None = None
    words_sha256: str = ""


class Support(StrEnum):
    """Whether a quote bears a claim out, as far as words can tell."""

    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    INSISTED = "insisted"


class Claim(Model):
    """A sentence that rests on a record's quote.

    Attributes:
        text: The sentence, without its marker.
        document: Stem of the document it was put into (`API-shop-2026-11-23`), or the path of a
            page of the user's own; empty where it was put into none.
        added: The day on which it was recorded.
        support: `supported` where it is the quote to the letter, `undecided` where no rule finds
            what differs and no machine can tell more, `insisted` where its author
            insists on it though the quote's words do not support it.
    """

    text: str = Field(min_length=1)
    document: str = ""
    added: date
    support: Support = Support.UNDECIDED

    @property
    def folded(self) -> str:
        """Its words as they are compared."""
        return folded_claim(self.text)

    def is_of(self, text: str) -> bool:
        """Return whether a sentence is this claim."""
        return folded_claim(text) == self.folded


def folded_claim(text: str) -> str:
    """Return a claim as it is compared: white space, emphasis and a last stop do not matter.

    Letter case does: `none` and `None` are two claims.
    """
    return " ".join(text.replace("`", "").replace("*", "").split()).rstrip(".")


class StatedBy(StrEnum):
    """Who states title, authors and dates of a source."""

    PAGE = "page"
    FILE = "file"


class CheckOutcome(StrEnum):
    """What a later reading of the source found."""

    HELD = "held"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNREACHABLE = "unreachable"


class Check(Model):
    """One dated re-reading of a source.

    Attributes:
        date: The day.
        outcome: What was found.
        detail: One line about it; may be empty.
    """

    date: date
    outcome: CheckOutcome
    detail: str = ""


class Citation(Model):
    """The dated record: this URL held this quote on this day.

    The fields are in the order in which `citations/KEY.yaml` has them.

    Attributes:
        record_schema: Version of the record's layout; `schema` on disk. Older ones are read.
        key: `<slug>-<6 hex of sha256(final URL + quote)>`.
        url: What was cited.
        final_url: Where the redirects ended.
        title: Title of the page.
        site: Name of the site.
        authors: Authors, in order.
        published: Day of publication.
        modified: Day of the last change, if the page states one.
        stated_by: Who states title, authors and dates: the page, or the file of an import.
        accessed: Day on which the quote was last seen by a machine.
        quote: The quote and how it matched.
        claims: The sentences that rest on it, in the order in which they were added.
        evidence: What was seen.
        search_terms: What was searched for to find it.
        tags: The user's own words.
        versions: Libraries the claim is about, by name.
        archive_url: A snapshot of the page, or empty.
        license: Licence the page states, or empty.
        checks: Later readings, newest last, one a day.
        superseded_by: Key of the record that replaced this one, or empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    record_schema: int = Field(default=RECORD_SCHEMA, alias="schema")
    key: str
    url: str
    final_url: str
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    stated_by: StatedBy = StatedBy.PAGE
    accessed: date
    quote: Quote
    claims: tuple[Claim, ...] = ()
    evidence: Evidence
    search_terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    versions: dict[str, str] = Field(default_factory=dict)
    archive_url: str = ""
    license: str = ""
    checks: tuple[Check, ...] = ()
    superseded_by: str = ""
