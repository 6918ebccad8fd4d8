"""The documentation of a library as it is installed in a project: its address and its version."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from footnotary.crawling import Documentation, find_page, find_site
from footnotary.errors import FetchError, UsageError
from footnotary.fetch import Fetches
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.project import Project
from footnotary.readers.distributions import Distribution, Environment

HOME_PAGES = ("homepage", "website", "home", "project")
DESCRIBED = "description"
_LABELS = ("documentation", "docs", "doc", "readthedocs", "manual", "reference")
_OF_DOCUMENTS = re.compile(
    r"docs?(?!.*(?:change|news|releas|history|code))|.*(?:docs?|documentation)$"
)
_READ_THE_DOCS = re.compile(r"https?://([\w-]+)\.(?:readthedocs|rtfd)\.(?:io|org)\b")
_FORGES = {
    "bitbucket.org", "codeberg.org", "foss.heptapod.net", "github.com", "gitlab.com",
    "launchpad.net", "opendev.org", "pypi.org", "pypi.python.org", "sourceforge.net", "sr.ht",
}  # fmt: skip
_ON_A_FORGE = re.compile(r"(?:git|gitlab|gitea|forgejo|hg|svn)\.")
_MOVING = {
    "latest", "stable", "main", "master", "dev", "current", "devel", "develop", "nightly", "trunk",
}  # fmt: skip
_NO_VERSION = "no-such-version"  # what no site has: one that answers has everything


def find_library(project: Project, package: str, fetcher: Fetches) -> Documentation:
    """Find the documentation of a library as it is installed in a project.

    Raises:
        UsageError: It is not installed, or names no documentation.
        FetchError: Its documentation cannot be read.
    """
    interpreter = find_interpreter(project, project.python)
    environment = Environment(environment_folders(interpreter))
    found = environment.distributions.get(canonicalize_name(package))
    if found is None:
        raise UsageError(
            f"{package!r} is not installed in {interpreter}.",
            hint="Install it there, name the interpreter by the setting python, or give the address"
            " of its documentation.",
        )
    label, address = find_address(found)
    if not address:
        raise UsageError(
            f"The metadata of {found.name} {found.version} names no documentation.",
            hint="Give its address: footnotary library https://…",
        )
    on_forge = is_on_forge(address)
    found_there = (find_page if on_forge else _find_widest)(address, fetcher)
    site = replace(found_there, package=found.name, installed=found.version, label=label)
    if on_forge:
        return site
    return site if site.is_of_installed else _of_version(site, fetcher) or site


def find_address(found: Distribution) -> tuple[str, str]:
    """Return where a distribution's documentation is, as its metadata has it.

    A page on a forge is the last choice, and only where it is called documentation.

    Returns:
        The label that names it, and its address; both empty where nothing does.
    """
    named = list(_named(found))
    elsewhere = [one for one in named if not is_on_forge(one[1])]
    documents = [one for one in named if one[0] not in HOME_PAGES]
    return next(iter((*elsewhere, *documents)), ("", ""))


def _named(found: Distribution) -> Iterator[tuple[str, str]]:
    """Yield what may be the documentation, the best first, each with its label."""
    urls = found.urls
    alike = [label for label in urls if _OF_DOCUMENTS.match(label) and label not in _LABELS]
    yield from ((label, urls[label]) for label in (*_LABELS, *alike) if label in urls)
    for label, url in urls.items():
        host = _READ_THE_DOCS.match(url)
        if host:
            yield label, f"{host[0]}/"
    for host in _READ_THE_DOCS.finditer(found.description):
        if canonicalize_name(host[1]) == canonicalize_name(found.name):
            yield DESCRIBED, f"{host[0]}/"
    yield from ((label, urls[label]) for label in HOME_PAGES if label in urls)


def is_on_forge(url: str) -> bool:
    """Return whether an address is of a forge or a package index, and no documentation site."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host in _FORGES or _ON_A_FORGE.match(host) is not None


def _find_widest(address: str, fetcher: Fetches) -> Documentation:
    """Return the site of an address, from what stands for a version on."""
    return find_site(address, fetcher, widest=_folder_of_version)


def _folder_of_version(url: str) -> str:
    """Return the path of an address up to what stands for a version; empty where nothing does."""
    parts = urlsplit(url).path.split("/")
    moving = [n for n, one in enumerate(parts[:-1]) if one in _MOVING]
    return "/".join(parts[: moving[-1] + 1]) + "/" if moving else ""


def version_names(version: str) -> dict[str, str]:
    """Return how sites name a version in their addresses, by the form; the exact ones first."""
    try:
        known = Version(version)
    except InvalidVersion:
        return {"full": version}
    major, minor = known.major, known.minor
    names = {
        "full": version,
        "base": known.base_version,
        "series": f"{major}.{minor}",
        "any": f"{major}.{minor}.x",
        "major": f"{major}.x",
        "one": str(major),
    }
    prefixed = {f"v-{form}": f"v{name}" for form, name in names.items()}
    return names | prefixed | {"digits": f"{major}{minor}"}


def _of_version(site: Documentation, fetcher: Fetches) -> Documentation | None:
    """Return the documentation of the installed version beside that of another one, if any."""
    parts = site.scope.root.split("/")
    stated = version_names(site.stated) if site.stated else {}
    forms = {name: form for form, name in reversed(stated.items())} | dict.fromkeys(_MOVING, "")
    at = next((n for n, one in enumerate(parts) if n > 2 and one in forms), 0)  # noqa: PLR2004  behind the host
    if not at:
        return None
    names, form = version_names(site.installed), forms[parts[at]]
    tried = [names.get(form, ""), *(name for one, name in names.items() if one != "digits")]
    for name in filter(None, dict.fromkeys(tried)):
        beside = _beside(site, at, name, fetcher)
        if beside is None or name == parts[at]:
            continue
        if beside.is_of_installed:
            return beside
        if not beside.stated and _beside(site, at, _NO_VERSION, fetcher) is None:
            return replace(beside, stated=name)
    return None


def _beside(site: Documentation, at: int, name: str, fetcher: Fetches) -> Documentation | None:
    """Return the site whose address has another name at a place; None where there is none."""
    parts = site.scope.root.split("/")
    address = "/".join([*parts[:at], name, *parts[at + 1 :]])
    try:
        found = find_site(address, fetcher)
    except FetchError:
        return None
    if not found.scope.root.startswith("/".join([*parts[:at], name, ""])):
        return None  # it leads elsewhere
    return replace(found, package=site.package, installed=site.installed, label=site.label)
