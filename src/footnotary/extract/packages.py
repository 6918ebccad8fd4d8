"""Packages, as the JSON API of their index describes them: PyPI's and npm's. Pure.

What is read is what their project page shows: summary, README or description as it is
rendered, licence, requirements. Anything may be of the wrong type: anybody can publish.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import getaddresses
from typing import Any

from footnotary.extract.html_text import without_controls
from footnotary.extract.markdown import MarkdownExtractor
from footnotary.extract.plain import PlainExtractor
from footnotary.models import Page, Response, UnreadableReason

# How the kind of index, and the version that was asked for, travel in a response.
INDEX = "x-package-index"
VERSION = "x-package-version"
SITES = {"pypi": "PyPI", "npm": "npm"}
_LONGEST_LICENSE = 100  # some put the whole text of the licence there
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
_NAME_OF_PERSON = re.compile(r"^[^<(]+")
_NO_README = "ERROR: No README data found!"  # what npm's registry has in the place of none


@dataclass(frozen=True)
class _Package:
    """What an index says of one version of a package.

    Attributes:
        name: Its name.
        version: Its version.
        summary: One line about it.
        readme: Its README.
        readme_type: Media type of the README.
        has_readme: Whether the answer has this version's README, be it empty.
        facts: Short facts, one a line.
        authors: Names.
        published: Day of its first upload.
        license: Name of its licence.
    """

    name: str
    version: str
    summary: str
    readme: str
    readme_type: str
    has_readme: bool
    facts: tuple[str, ...]
    authors: tuple[str, ...]
    published: date | None
    license: str


class PackageExtractor:
    """Answers of a package index that were asked for in the place of a project's page."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is an index's."""
        return response.headers.get(INDEX, "") in SITES

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the package's text and metadata, of the version asked for or the latest."""
        kind, wanted = response.headers[INDEX], response.headers.get(VERSION, "")
        try:
            data = json.loads(response.body)
        except (ValueError, RecursionError):
            data = None
        read = _pypi if kind == "pypi" else _npm
        package = read(data, wanted) if isinstance(data, dict) else None
        if package is None:
            return Page(
                url=response.url,
                final_url=response.final_url,
                media_type=response.media_type,
                unreadable=UnreadableReason.UNSUPPORTED_TYPE,
            )
        return _page(response, kind, package, named=bool(wanted))


def _page(response: Response, kind: str, package: _Package, *, named: bool) -> Page:
    """Return the page of a package."""
    readme = _readme(response, package)
    head = "\n".join(
        filter(None, (f"{package.name} {package.version}", package.summary, *package.facts))
    )
    offset = len(head) + 1
    headings = tuple(
        heading.model_copy(update={"offset": heading.offset + offset})
        for heading in readme.headings
    )
    title = f"{package.name} {package.version}" if named else package.name
    stated = {
        "title": title,
        "site": kind,
        "authors": package.authors,
        "published": package.published,
        "license": package.license,
    }
    missing = not package.has_readme or readme.unreadable not in (
        None,
        UnreadableReason.TOO_SHORT,  # an empty one
    )
    return Page(
        url=response.url,
        final_url=response.final_url,
        title=title,
        site=SITES[kind],
        authors=package.authors,
        published=package.published,
        license=package.license,
        media_type=response.media_type,
        text=f"{head}\n{readme.text}" if readme.text.strip() else head,
        headings=headings if readme.text.strip() else (),
        origins={name: f"{kind} API" for name, value in stated.items() if value},
        incomplete=f"the README of {package.name} {package.version}" if missing else "",
        versions={package.name: package.version},
    )


def _readme(response: Response, package: _Package) -> Page:
    """Return a README as it is shown."""
    source = response.model_copy(
        update={
            "headers": {"content-type": f"{package.readme_type}; charset=utf-8"},
            "body": package.readme.encode("utf-8", "replace"),
        }
    )
    markdown = package.readme_type in _MARKDOWN
    return (MarkdownExtractor() if markdown else PlainExtractor()).page(source)


def _pypi(data: dict[str, Any], _: str) -> _Package | None:
    """Read PyPI's JSON of a project or a release (docs.pypi.org/api/json)."""
    info = data.get("info")
    if not isinstance(info, dict):
        return None
    name, version = _line(info.get("name")), _line(info.get("version"))
    if not name or not version:
        return None
    described = info.get("description")
    readme_type = _line(info.get("description_content_type")).partition(";")[0].strip().lower()
    requires = _line(info.get("requires_python"))
    return _Package(
        name=name,
        version=version,
        summary=_line(info.get("summary")),
        readme=described if isinstance(described, str) else "",
        # without a type it is reStructuredText (core metadata, Description-Content-Type)
        readme_type=readme_type if readme_type in _MARKDOWN else "text/plain",
        has_readme=described is None or isinstance(described, str),
        facts=(
            _license(info.get("license_expression")) or _license(info.get("license")),
            f"Requires: Python {requires}" if requires else "",
            *map(_line, _list(info.get("requires_dist"))),
            _yanked(info),
        ),
        authors=tuple(_pypi_authors(info)),
        published=_first_day(_list(data.get("urls"))),
        license=_license(info.get("license_expression")) or _license(info.get("license")),
    )


def _npm(data: dict[str, Any], wanted: str) -> _Package | None:
    """Read npm's JSON of a package (all its versions) or of one version."""
    tags, versions, times = (_dict(data.get(key)) for key in ("dist-tags", "versions", "time"))
    latest = _line(tags.get("latest"))
    version = wanted or latest or _line(data.get("version"))
    one = _dict(versions.get(version)) if versions else data
    name = _line(one.get("name"))
    if not name or not version or _line(one.get("version")) != version:
        return None
    readme = one.get("readme")
    if not _is_readme(readme) and version == latest:
        readme = data.get("readme")  # the package's own is that of its latest version
    return _Package(
        name=name,
        version=version,
        summary=_line(one.get("description")),
        readme=readme if isinstance(readme, str) and _is_readme(readme) else "",
        readme_type="text/markdown",
        has_readme=_is_readme(readme),
        facts=(
            _license(_npm_license(one.get("license"))),
            *(f"{key} {_line(value)}" for key, value in _dict(one.get("engines")).items()),
            *(f"{key} {_line(value)}" for key, value in _dict(one.get("dependencies")).items()),
            _line(one.get("deprecated")),
        ),
        authors=tuple(filter(None, (_person(one.get("author")),))),
        published=_day(times.get(version)),
        license=_license(_npm_license(one.get("license"))),
    )


def _is_readme(value: object) -> bool:
    """Return whether a field holds a README."""
    return isinstance(value, str) and bool(value.strip()) and value.strip() != _NO_README


def _pypi_authors(info: dict[str, Any]) -> Iterator[str]:
    """Yield an upload's authors; never their mail addresses."""
    named = _line(info.get("author"))
    if named:
        yield from (name.strip() for name in named.split(",") if name.strip() and "@" not in name)
        return
    for name, _ in getaddresses([_line(info.get("author_email"))]):
        if name and "@" not in name:
            yield name


def _person(value: object) -> str:
    """Return the name of an author as npm writes them: an object, or `Name <mail> (URL)`."""
    if isinstance(value, dict):
        value = value.get("name")
    found = _NAME_OF_PERSON.match(_line(value))
    name = found[0].strip() if found else ""
    return "" if "@" in name else name


def _npm_license(value: object) -> object:
    """Return a licence's name out of the forms that npm has had."""
    return value.get("type") if isinstance(value, dict) else value


def _license(value: object) -> str:
    """Return the name of a licence; empty for its whole text."""
    name = _line(value)
    return name if len(name) <= _LONGEST_LICENSE else ""


def _yanked(info: dict[str, Any]) -> str:
    """Return why a release was taken back, if it was."""
    return _line(info.get("yanked_reason")) if info.get("yanked") is True else ""


def _first_day(files: list[Any]) -> date | None:
    """Return the day on which the first file of a release was uploaded."""
    days = [
        day
        for file in files
        if isinstance(file, dict)
        and (day := _day(file.get("upload_time_iso_8601") or file.get("upload_time")))
    ]
    return min(days, default=None)


def _day(value: object) -> date | None:
    """Return the day (UTC) of an ISO 8601 time."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _line(value: object) -> str:
    """Return text on one line; empty for any other type."""
    if not isinstance(value, str):
        return ""
    text = value.encode("utf-8", "replace").decode()  # JSON may hold half characters
    return " ".join(without_controls(text).split())


def _dict(value: object) -> dict[str, Any]:
    """Return a JSON object; empty for any other type."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    """Return a JSON array; empty for any other type."""
    return value if isinstance(value, list) else []
