"""What a page says about itself, each field with where it came from.

Several sources are asked for each field and outvote one another by how often each was right
alone on pages with known answers; docs/metadata.md has the figures. An empty author beats
a guess.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from footnotary.extract.metadata.signals import OwnWords, Signals, spine_of
from footnotary.models import Heading


@dataclass(frozen=True)
class Metadata:
    """Metadata of a page, with the origin of each field that is not empty.

    The attributes are those of `footnotary.models.Page`.
    """

    canonical_url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    language: str = ""
    license: str = ""
    origins: dict[str, str] = field(default_factory=dict)


def metadata_of(signals: Signals, text: str, headings: tuple[Heading, ...]) -> Metadata:
    """Return a page's metadata.

    Args:
        signals: What the page says of itself, gathered before anything was taken out.
        text: Its visible text.
        headings: Its headings.
    """
    # Their patterns take a tenth of a second to compile, which a check of quotes does without.
    from footnotary.extract.metadata import names
    from footnotary.extract.metadata.authors import authors_of
    from footnotary.extract.metadata.dates import days_of
    from footnotary.extract.metadata.titles import title_of

    canonical_url, canonical_from = names.canonical_of(signals)
    site, site_from = names.site_of(signals)
    site_keys = names.site_keys_of(signals, site)
    title, title_from = title_of(signals, site_keys)
    title_at = _place_of(names.comparison_key(title), headings, names.comparison_key)
    place = OwnWords(spine_of(signals.tree, title), text, title_at)
    authors, authors_from = authors_of(signals, site_keys, place)
    days = days_of(signals, place)
    language, language_from = names.language_of(signals)
    license_, license_from = names.license_of(signals)
    origins = {
        "canonical_url": canonical_from,
        "title": title_from,
        "site": site_from,
        "authors": authors_from,
        "published": days.published_from,
        "modified": days.modified_from,
        "language": language_from,
        "license": license_from,
    }
    return Metadata(
        canonical_url=canonical_url,
        title=title,
        site=site,
        authors=authors,
        published=days.published,
        modified=days.modified,
        language=language,
        license=license_,
        origins={name: origin for name, origin in origins.items() if origin},
    )


def _place_of(wanted: str, headings: tuple[Heading, ...], key_of: Callable[[str], str]) -> int:
    """Return where the title is in the text as a heading, by its key, or its beginning."""
    for heading in headings:
        if wanted and wanted in key_of(heading.text):
            return heading.offset
    return headings[0].offset if headings and headings[0].level == 1 else 0
