"""Projects of package indexes: the words of a project's page, from the index's own JSON.

PyPI's JSON API (docs.pypi.org/api/json) and npm's registry (its package metadata document).
They are told by their shape, not by their host: a private index speaks the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import getaddresses
from typing import Any

from footnotary.extract.charset import without_controls
from footnotary.extract.html_text import PageText
from footnotary.extract.markup import RST, shown_text, with_words
from footnotary.extract.plain import is_binary, json_value
from footnotary.models import Heading, Page, Response

_LARGEST = 12_000_000  # bytes; the document of a package with thousands of versions
_NO_README = "ERROR: No README data found!"  # npm's words for none
_MARKS = (b'"info"', b'"dist')
_MOST_LINES = 2_000  # of requirements, classifiers and their like


@dataclass(frozen=True)
class Release:
    """One release of a project, as its index describes it.

    Attributes:
        name: The project.
        version: The release.
        site: The index.
        summary: One line.
        details: Licence, requirements and whatever else the page lists, a line each.
        description: The long description.
        is_markdown: Whether that is Markdown; it is reStructuredText or plain text if not.
        authors: Names.
        license: Name or expression.
        published: Day of the release, if it is told.
        has_description: Whether the answer has the long description, be it empty.
    """

    name: str
    version: str
    site: str
    summary: str
    details: tuple[str, ...]
    description: str
    is_markdown: bool
    authors: tuple[str, ...]
    license: str
    published: date | None
    has_description: bool = True


class PackageExtractor:
    """JSON that describes a project of a package index."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is such JSON."""
        return package_in(response) is not None

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the words that the project's page shows."""
        package = package_in(response)
        if package is None:
            raise ValueError("the answer describes no package")
        head = "\n".join(
            filter(None, (f"{package.name} {package.version}", package.summary, *package.details))
        )
        if package.is_markdown:
            shown = shown_text(package.description)
        else:
            shown = PageText(with_words(without_controls(package.description), RST), ())
        lead = f"{without_controls(head)}\n"
        facts = ("authors", "published", "license")
        stated = ("title", "site", *(name for name in facts if getattr(package, name)))
        return Page(
            url=response.url,
            final_url=response.final_url,
            title=f"{package.name} {package.version}",
            site=package.site,
            authors=package.authors,
            published=package.published,
            license=package.license,
            media_type="application/json",
            text=lead + shown.text,
            headings=tuple(_moved(heading, len(lead)) for heading in shown.headings),
            rows=tuple((start + len(lead), end + len(lead)) for start, end in shown.rows),
            kept=tuple((start + len(lead), end + len(lead)) for start, end in shown.kept),
            origins=dict.fromkeys(stated, "package index"),
        )


def package_in(response: Response) -> Release | None:
    """Return the release that an answer describes, or None for any other answer."""
    data = _object_in(response)
    info = data.get("info")
    if isinstance(info, dict) and _words(info, "name", "version") and "urls" in data:
        return _of_pypi(info, data)
    if _words(data, "name") and ("dist-tags" in data or "dist" in data):
        return _of_npm(data)
    return None


def _object_in(response: Response) -> dict[str, Any]:
    """Return an answer's JSON object, if it may describe a package; else nothing."""
    body = response.body
    if not response.media_type.endswith(("/json", "+json")) or len(body) > _LARGEST:
        return {}
    if is_binary(body) or not any(mark in body for mark in _MARKS):
        return {}
    data = json_value(body)
    return data if isinstance(data, dict) else {}


def _of_pypi(info: dict[str, Any], data: dict[str, Any]) -> Release:
    """Read PyPI's JSON."""
    licence = _word(info, "license_expression") or _word(info, "license").split("\n")[0]
    python = _word(info, "requires_python")
    kind = _word(info, "description_content_type").partition(";")[0].strip().lower()
    return Release(
        name=_word(info, "name"),
        version=_word(info, "version"),
        site="PyPI",
        summary=_word(info, "summary"),
        details=(
            *([f"License: {licence}"] if licence else []),
            *([f"Requires: Python {python}"] if python else []),
            *_texts(info.get("requires_dist")),
            *_texts(info.get("classifiers")),
        ),
        description=_word(info, "description"),
        is_markdown=kind == "text/markdown",
        authors=tuple(_authors(info)),
        license=licence,
        published=_first_day(
            sorted(
                _word(file, "upload_time") or _word(file, "upload_time_iso_8601")
                for file in _objects(data.get("urls"))
            )
        ),
        has_description=isinstance(info.get("description"), str | None),
    )


def _of_npm(data: dict[str, Any]) -> Release:
    """Read npm's metadata of a package, or of one of its versions."""
    tags = data.get("dist-tags")
    version = _word(data, "version") or (_word(tags, "latest") if isinstance(tags, dict) else "")
    versions = data.get("versions")
    release = versions.get(version) if isinstance(versions, dict) else None
    release = release if isinstance(release, dict) else data
    licence = _word(release, "license") or _word(data, "license")
    readme = _word(release, "readme") or _word(data, "readme")
    needs = release.get("dependencies")
    needed = needs.items() if isinstance(needs, dict) else ()
    times = data.get("time")
    return Release(
        name=_word(data, "name"),
        version=version,
        site="npm",
        summary=_word(release, "description") or _word(data, "description"),
        details=(
            *([f"License: {licence}"] if licence else []),
            *(f"{name} {wanted}" for name, wanted in list(needed)[:_MOST_LINES]),
        ),
        description="" if readme == _NO_README else readme,
        is_markdown=True,
        authors=tuple(_named(release.get("author") or data.get("author"))),
        license=licence,
        published=_first_day([times.get(version)] if isinstance(times, dict) else []),
        has_description=bool(readme) and readme != _NO_README,  # old releases come without
    )


def _authors(info: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a release's authors; `Author-email` has those of newer packages."""
    written = _word(info, "author")
    named = (
        written.split(",")
        if written
        else [n for n, _ in getaddresses([_word(info, "author_email")])]
    )
    yield from (name.strip() for name in named if name.strip() and "@" not in name)


def _named(person: Any) -> list[str]:
    """Return a person's name: npm has it as text (`Ann Lee <a@x.example>`) or in an object."""
    name = _word(person, "name") if isinstance(person, dict) else person
    if not isinstance(name, str):
        return []
    return list(filter(None, [name.partition("<")[0].partition("(")[0].strip()]))


def _word(data: dict[str, Any], name: str) -> str:
    """Return a field that is text; empty if it is anything else."""
    value = data.get(name)
    # JSON may hold half a character, which no text can be written with
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _words(data: dict[str, Any], *names: str) -> list[str]:
    """Return fields that are text, all of them or none."""
    found = [_word(data, name).strip() for name in names]
    return found if all(found) else []


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a list."""
    if isinstance(value, list):
        for one in value[:_MOST_LINES]:
            if isinstance(one, str):
                yield one.encode("utf-8", "replace").decode()


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list."""
    if isinstance(value, list):
        yield from (one for one in value[:_MOST_LINES] if isinstance(one, dict))


def _first_day(stamps: Any) -> date | None:
    """Return the day of the first of some timestamps that is one (ISO 8601)."""
    for stamp in stamps:
        try:
            return date.fromisoformat(stamp[:10])
        except (TypeError, ValueError):
            continue
    return None


def _moved(heading: Heading, by: int) -> Heading:
    """Return a heading that is further down."""
    return heading.model_copy(update={"offset": heading.offset + by})
