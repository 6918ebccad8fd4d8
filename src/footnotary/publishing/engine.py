"""Running the engine that builds the site: MkDocs, ProperDocs or Zensical; and what it built.

It runs as a child of our own interpreter, because footnotary may be installed as a tool and
the project's environment need not have it; the project's code is read, never imported.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from footnotary.counting import counted
from footnotary.errors import SiteError
from footnotary.project import Project
from footnotary.publishing import staging
from footnotary.publishing.configuration import find_configuration, read_mkdocs_yml
from footnotary.publishing.left_out import find_left_out
from footnotary.publishing.policy import parse_built_page
from footnotary.publishing.serving import run_until_ended

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

ENGINES = ("mkdocs", "properdocs", "zensical")
SHOWN_WARNINGS = 12
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_WARNING = re.compile(r"^(?:\x1b\[[0-9;]*m)*(WARNING|ERROR)\b[ :-]*", re.MULTILINE)
_NO_PLUGIN = re.compile(r'The "([\w./-]+)" plugin is not installed')
_NO_THEME = re.compile(r"Unrecognised theme name: '([\w-]+)'")
_UNCOLLECTED = re.compile(r"mkdocstrings: ([\w.]+) could not be found|Could not collect '([\w.]+)'")
_CONTENT = "article, main, [role=main]"
_KINDS = {"a": "link", "area": "link", "img": "image", "source": "file", "video": "file"}
_NODES = "a[href], area[href], img[src], source[src], video[src], audio[src]"


@dataclass(frozen=True, order=True)
class DeadLink:
    """An address in a page that leads to no file, or to no element.

    Attributes:
        page: The page, relative to the site.
        kind: `link`, `image`, `file` or `anchor`.
        address: The address as the page has it.
    """

    page: str
    kind: str
    address: str

    def __str__(self) -> str:
        """Return it as one sentence without a full stop."""
        where = "an element of that page" if self.kind == "anchor" else "a file of the site"
        return f"{self.page}: the {self.kind} {self.address!r} does not lead to {where}"


def find_dead_links(site: Path, docs: Path) -> list[DeadLink]:
    """Find what the pages of a built site lead to in vain.

    Addresses with a host, a scheme or a leading slash are not looked at: they depend on where the
    site is published. Nor are 404.html, which is served at any depth, and the author's HTML files.
    """
    ids = lru_cache(maxsize=None)(_ids)
    found: set[DeadLink] = set()
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site)
        if page.as_posix() != "404.html" and not (docs / page).exists():
            found.update(_dead(path, site, ids))
    return sorted(found)


def _dead(path: Path, site: Path, ids: Callable[[Path], frozenset[str]]) -> Iterator[DeadLink]:
    """Yield the dead links of a page."""
    page = path.relative_to(site).as_posix()
    where = f"{_CONTENT}, nav" if page == "index.html" else _CONTENT  # navigation: once
    for address, kind in _addresses(_parse(path), where):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or parts.path.startswith("/"):
            continue
        target = _served_file(path.parent / unquote(parts.path)) if parts.path else path
        anchor = unquote(parts.fragment).partition(":~:")[0]
        if target is None or not target.resolve().is_relative_to(site.resolve()):
            yield DeadLink(page, kind, address)
        elif anchor and target.suffix == ".html" and anchor not in ids(target):
            yield DeadLink(page, "anchor", address)


def _addresses(tree: "LexborHTMLParser", where: str) -> Iterator[tuple[str, str]]:
    """Yield what some parts of a page link to or show, and what kind of thing that is."""
    seen = set()
    for content in tree.css(where):
        for node in content.css(_NODES):
            address = (node.attributes.get("href") or node.attributes.get("src") or "").strip()
            if address and address not in seen:
                seen.add(address)
                yield address, _KINDS.get(node.tag or "", "file")


def _ids(path: Path) -> frozenset[str]:
    """Return what an address may name in a page (HTML Standard, "scrolling to a fragment")."""
    tree = _parse(path)
    named = {node.attributes.get("id") or "" for node in tree.css("[id]")}
    named |= {node.attributes.get("name") or "" for node in tree.css("a[name]")}
    return frozenset(named | {"top"})


def _served_file(path: Path) -> Path | None:
    """Return the file that a server answers an address with, if there is one."""
    try:
        found = path / "index.html" if path.is_dir() else path
        return found if found.is_file() else None
    except (OSError, ValueError):  # longer than a name may be, or with a null character
        return None


def _parse(path: Path) -> "LexborHTMLParser":
    """Return a page as a browser reads it."""
    return parse_built_page(path.read_text(encoding="utf-8", errors="replace"))


@dataclass(frozen=True)
class Built:
    """A built site."""

    site: Path
    engine: str
    pages: int
    seconds: float
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]


class StrictFailure(SiteError):
    """A strict build with warnings: a finding, not a failure of ours."""

    exit_code = 1


def build_site(
    project: Project, *, strict: bool = False, site_dir: Path | None = None, engine: str = "auto"
) -> Built:
    """Build the site; an earlier one stays until the new one is whole.

    Args:
        project: The project; it needs an mkdocs.yml.
        strict: Whether warnings fail it.
        site_dir: Where the site goes; `site` in the project if None.
        engine: `mkdocs`, `properdocs`, `zensical`, or `auto` for the first installed.

    Raises:
        StrictFailure: It is strict and there were warnings.
        SiteError: There is no mkdocs.yml, the engine is missing, or it failed.
    """
    name, configuration = _engine_and_configuration(project, engine)
    site = (site_dir or project.root / "site").absolute()
    docs = configuration.parent / str(read_mkdocs_yml(configuration).get("docs_dir") or "docs")
    _check_place(site, (docs, project.root, project.current, project.citations))
    started = time.perf_counter()
    place = site.resolve()
    with _made_folder(place) as folder:
        made = folder / "site"
        if name == "zensical":
            output, code = staging.build_staged(project, configuration, made, run=_captured)
        else:
            words = [*_engine(name, configuration, "build"), "-d", str(made)]
            output, code = _captured([*words, *["--strict"] * strict], project.root)
        warnings = warnings_of(output)
        if code and not (strict and warnings):
            raise failure_of(name, output)
        warnings += _not_yet_told(find_dead_links(made, docs), warnings)
        if strict and warnings:
            raise StrictFailure(
                f"The site has {counted(len(warnings), 'warning')}:"
                f" {'; '.join(warnings[:SHOWN_WARNINGS])}",
                hint="Fix them, or build without --strict.",
                detail=output.strip(),
            )
        left_out = find_left_out(made)
        pages = len(list(made.rglob("*.html")))
        _replace(place, made, folder / "before")
    return Built(site, name, pages, time.perf_counter() - started, warnings, left_out)


def _check_place(site: Path, sources: Iterable[Path]) -> None:
    """Refuse a place whose files a build would replace, though they are not a site's.

    Raises:
        SiteError: What the site is made from is there.
    """
    for one in sources:
        if one.resolve().is_relative_to(site.resolve()):
            raise SiteError(
                f"{site} is not replaced by a site: {one} is in it.",
                hint="Name another folder with --site-dir.",
            )


@contextlib.contextmanager
def _made_folder(site: Path) -> Iterator[Path]:
    """Make a folder on the file system of a site that is built, and remove it at the end."""
    try:
        site.parent.mkdir(parents=True, exist_ok=True)
        beside = site if site.is_mount() else site.parent
        made = tempfile.TemporaryDirectory(prefix=f".{site.name}-", dir=beside)
    except OSError as error:
        raise SiteError(f"{site} cannot be written: {error.strerror}.") from None
    with made as folder:
        yield Path(folder)


def _replace(site: Path, made: Path, before: Path) -> None:
    """Put what was made in the place of a site; hidden files, such as .git, stay as engines do.

    Raises:
        SiteError: It cannot be put there; what was there is.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        site.mkdir(exist_ok=True)
        before.mkdir()
        old = [one for one in site.iterdir() if not one.name.startswith(".")]
        pairs = [(one, before / one.name) for one in old]
        pairs += [(one, site / one.name) for one in made.iterdir()]
        for source, target in pairs:
            shutil.move(source, target)
            moved.append((source, target))
    except BaseException as error:
        for source, target in reversed(moved):
            shutil.move(target, source)
        if not isinstance(error, OSError):
            raise
        raise SiteError(f"{site} cannot be written: {error.strerror}.") from None


def serve_site(
    project: Project, address: str = "127.0.0.1:8001", *, engine: str = "auto", browse: bool = False
) -> int:
    """Serve the site and rebuild it when a document, a citation or a page changes.

    Args:
        project: The project; it needs an mkdocs.yml.
        address: Host and port, from `free_address`.
        engine: As for `build`.
        browse: Open a browser.

    Returns:
        The engine's exit code, once it has ended.

    Raises:
        KeyboardInterrupt: We were told to end, and the engine has.
        SiteError: There is no mkdocs.yml, or the engine is missing.
    """
    name, configuration = _engine_and_configuration(project, engine)
    options = ["-a", address, *["--open"] * browse]
    if name == "zensical":
        return staging.serve_staged(project, configuration, options, environment())
    words = [*_engine(name, configuration, "serve"), *options]
    return run_until_ended(words, project.root, environment())


def choose_engine(engine: str) -> str:
    """Return the engine to use.

    Raises:
        SiteError: It is unknown or not installed.
    """
    if engine == "auto":
        engine = next((name for name in ENGINES if find_spec(name)), "mkdocs")
    if engine not in ENGINES:
        raise SiteError(f"There is no engine {engine!r}.", hint=f"There are {', '.join(ENGINES)}.")
    if not find_spec(engine):
        raise SiteError(f"{engine} is not installed.", hint=f"Install it: {install(engine)}.")
    return engine


def install(package: str) -> str:
    """Return the command that installs a package beside footnotary."""
    parts = Path(sys.prefix).parts
    if "pipx" in parts:
        return f"pipx inject footnotary {package}"
    if "uv" in parts and "tools" in parts:
        return f"uv tool install footnotary --with {package}"
    return f"{Path(sys.executable).name} -m pip install {package}"


def environment() -> dict[str, str]:
    """Return the engine's environment: ours, without the engines' banners."""
    return {**os.environ, **_QUIET}


def warnings_of(output: str) -> tuple[str, ...]:
    """Return the warnings and errors in an engine's output, a line each."""
    lines = output.splitlines()
    return tuple(_WARNING.sub("", line).strip() for line in lines if _WARNING.match(line))


def _not_yet_told(found: Iterable[DeadLink], warnings: tuple[str, ...]) -> tuple[str, ...]:
    """Return dead links in words, without those that the engine warned of as `'address'`."""
    said = "\n".join(warnings)
    return tuple(str(one) for one in found if f"'{one.address}'" not in said)


def _engine(name: str, configuration: Path, command: str) -> list[str]:
    """Return the command line of an engine; `-P` keeps the project's folder out of its path."""
    return [sys.executable, "-P", "-m", name, command, "-f", str(configuration)]


def _engine_and_configuration(project: Project, engine: str) -> tuple[str, Path]:
    """Return the engine and what it reads; a zensical.toml alone is read by Zensical."""
    if engine == "auto" and find_configuration(project.root, "mkdocs") is None:
        engine = "zensical" if find_configuration(project.root) else engine
    name = choose_engine(engine)
    found = find_configuration(project.root, name)
    if found is None:
        raise SiteError(f"{project.root} has no mkdocs.yml.", hint="`footnotary init` writes one.")
    return name, found


def _captured(words: Sequence[str], folder: Path) -> tuple[str, int]:
    """Run a command; return what it said and its exit code."""
    result = subprocess.run(  # noqa: S603  our own interpreter and options
        words,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return result.stdout.decode(errors="replace"), result.returncode


def failure_of(name: str, output: str) -> SiteError:
    """Return why an engine failed, and what to do about it."""
    for pattern in (_NO_PLUGIN, _NO_THEME):
        if found := pattern.search(output):
            return SiteError(
                f"The site needs {found[1]!r}, which is not installed beside footnotary.",
                hint=f"Install what provides it, often: {install(f'mkdocs-{found[1]}')}.",
                detail=output.strip(),
            )
    if found := _UNCOLLECTED.search(output):
        return SiteError(
            f"{name} could not build the site: {found[1] or found[2]} was not found in the code.",
            hint="Run `doc refresh` if a document describes it; else correct the page with"
            f" `::: {found[1] or found[2]}`.",
            detail=output.strip(),
        )
    if found := re.search(r"No module named '([\w.]+)'", output):
        # Nobody knows the distribution: one that is called like a module may be a stranger's.
        return SiteError(
            f"The site needs the module {found[1]!r}, which was not found.",
            hint="If it is the project's own, name the folder above it in mkdocs.yml: plugins,"
            " mkdocstrings, handlers, python, paths. Else install the distribution that has it.",
            detail=output.strip(),
        )
    said = warnings_of(output) or tuple(line for line in output.strip().splitlines()[-1:])
    return SiteError(
        f"{name} could not build the site: {said[0] if said else 'it said nothing'}",
        hint="--verbose shows all that it said.",
        detail=output.strip(),
    )
