"""What could not be done. Broken rules are findings, not exceptions.

    FootnotaryError             exit 2
    ├── UsageError              the command's own words are off
    ├── SettingsError           a setting cannot be read or is of the wrong type
    ├── FetchError              the page could not be had
    │   ├── AddressRefused      scheme, port, or a private address
    │   ├── Unreachable         no connection, no name, no answer in time
    │   ├── OutOfTime           it came, and reading it took longer than the timeout
    │   ├── HttpStatusError     an answer that is no page (404, 403, 500 …)
    │   ├── ResponseRefused     too large, truncated, undecodable
    │   │   └── RedirectLoop    redirected too often, or in circles
    │   └── RobotsRefused       the site's robots.txt disallows it
    ├── ClusterLost             machines that were to read were lost meanwhile
    ├── UnreadableError         a page came, but no text that could be read
    ├── RecordError             a citation record that is missing, broken or too new
    ├── ProjectError            the user's project cannot be found or read
    │   └── ImportFailed        its application fails on import
    │       └── TargetMissing   there is no such module
    ├── DocumentError           a document that cannot be written or is in a broken state
    └── SiteError               the site cannot be built

A `FootnotaryWarning` says what was left out of something that could be done.

Every error has a one-sentence message and, where there is something to do about it,
a hint. The faces print both and exit with `exit_code`; `detail` is shown under
`--verbose` only.
"""

from typing import ClassVar


class FootnotaryWarning(UserWarning):
    """Something was left out or forgotten; the command goes on. One sentence or two."""


class FootnotaryError(Exception):
    """Something could not be done.

    Attributes:
        message: One sentence that names what failed.
        hint: One sentence that says what to do about it; may be empty.
        detail: Lines for `--verbose`, such as the traceback of the user's own code.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail


class UsageError(FootnotaryError):
    """The command's own words are off."""


class SettingsError(FootnotaryError):
    """A setting cannot be read or is of the wrong type."""


class FetchError(FootnotaryError):
    """The page could not be had."""


class AddressRefused(FetchError):
    """The URL's scheme, port or address is one that is never asked."""


class Unreachable(FetchError):
    """No name, no connection, or no whole answer in time."""


class OutOfTime(FetchError):
    """The page came, but reading it took longer than the timeout."""


class HttpStatusError(FetchError):
    """The server answered, but not with the page."""

    def __init__(self, message: str, *, status: int, hint: str = "", detail: str = "") -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.status = status


class ResponseRefused(FetchError):
    """The answer broke a limit: too large, truncated, undecodable, redirected too often."""


class RedirectLoop(ResponseRefused):
    """The redirects lead in circles, or are too many."""


class RobotsRefused(FetchError):
    """The site's robots.txt disallows the page."""


class ClusterLost(FootnotaryError):
    """Machines that were to read pages were lost before all was read."""


class UnreadableError(FootnotaryError):
    """A page came, but no text that could be read; says nothing about the quote.

    Attributes:
        reason: One of `footnotary.models.UnreadableReason`, as a string.
    """

    def __init__(self, message: str, *, reason: str, hint: str = "", detail: str = "") -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.reason = reason


class RecordError(FootnotaryError):
    """A citation record is missing, broken, or of a newer schema."""


class ProjectError(FootnotaryError):
    """The user's project cannot be found or read."""


class ImportFailed(ProjectError):
    """The user's application fails when it is imported."""


class TargetMissing(ImportFailed):
    """The module that was named as the application's is not there."""


class DocumentError(FootnotaryError):
    """A document cannot be written, or is in a state that must not be guessed at."""


class SiteError(FootnotaryError):
    """The site cannot be built."""
