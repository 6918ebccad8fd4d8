"""`--archive`: a snapshot of a cited page, recorded beside it."""

from typing import TYPE_CHECKING

from footnotary.errors import FootnotaryError

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.models import Citation
    from footnotary.records import RecordStore

PATIENCE = 120.0  # seconds; an archive first reads the page itself


def keep_snapshot(
    citation: "Citation",
    store: "RecordStore",
    settings: "Settings",
    *,
    allow_private: bool,
) -> "Citation":
    """Have a snapshot made and record it; a failing archive is told and costs nothing else.

    Args:
        citation: Whose page is to be kept.
        store: Where the record is.
        settings: Name the archive.
        allow_private: Also ask private and loopback addresses.

    Returns:
        The record, with its `archive_url` where that went well.
    """
    from footnotary.checking.archiving import archive_source
    from footnotary.cli.fetching import open_fetcher
    from footnotary.cli.running import tell

    patient = settings.model_copy(update={"timeout": max(settings.timeout, PATIENCE)})
    # the archive is a service that the user chose to ask, not a site that is crawled
    with open_fetcher(patient, allow_private=allow_private, ignore_robots=True) as fetcher:
        try:
            return archive_source(citation, store, fetcher, settings.archive)
        except FootnotaryError as error:
            tell(error)
            return citation
