"""For Zensical, which runs no plugins: the same pages, written as files before the build.

A folder under `.footnotary/` gets a copy of the author's pages, everything that the plugin
would add, and a configuration with absolute paths. While it serves, a thread keeps the copy
up to date.
"""

import functools
import io
import operator
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

from footnotary.errors import SiteError
from footnotary.files import write_atomically
from footnotary.project import Project
from footnotary.publishing.collection import (
    Collection,
    collect,
    document_at,
    others_of,
    site_address,
)
from footnotary.publishing.configuration import read_mkdocs_yml
from footnotary.publishing.document_pages import render_document_page
from footnotary.publishing.feeds import MarkdownPage, write_beside
from footnotary.publishing.inventories import add_paths, guard_docstrings, localise
from footnotary.publishing.markup import heading_words
from footnotary.publishing.pages import (
    SCRIPTS,
    STYLES,
    home_page,
    navigation,
    site_files,
    with_state,
)
from footnotary.publishing.policy import Blocked, Trusted, apply_policy, trust
from footnotary.publishing.serving import run_until_ended, watching
from footnotary.state import make_state_folder

_FOLDER = Path(".footnotary") / "zensical"
_ZENSICAL = (sys.executable, "-P", "-m", "zensical")
_NEEDED = ("admonition", "attr_list", "md_in_html", "tables", "pymdownx.details")

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"^Warning: (.+)\n[^\[\n]*\[ (.+?) \]", re.MULTILINE)

_Run = Callable[[Sequence[str], Path], tuple[str, int]]


def build_staged(
    project: Project, configuration: Path, site: Path, *, run: _Run
) -> tuple[str, int]:
    """Stage the pages, run Zensical, and put the site where it was asked for.

    Args:
        project: The project.
        configuration: Its mkdocs.yml.
        site: Where the site goes; nothing is there yet.
        run: Runs a command in a folder; returns its output and exit code.

    Returns:
        Zensical's output, with a line for each warning of ours and of its own, and its exit code.
    """
    staged = StagedSite(project, configuration)
    staged.write()
    words = [*_ZENSICAL, "build", "-c", "-f", str(staged.configuration)]
    output, code = run(words, staged.folder)
    if code == 0:
        if staged.has_policy:
            staged.guard(staged.trusted(run))
        staged.finish()
        shutil.copytree(staged.folder / "site", site)
    warnings = (*staged.warnings, *_warnings_of(output))
    return "".join(f"WARNING - {one}\n" for one in warnings) + output, code


def serve_staged(
    project: Project, configuration: Path, options: list[str], environment: dict[str, str]
) -> int:
    """Stage the pages, serve them with Zensical, and stage them again when they change."""
    staged = StagedSite(project, configuration)
    staged.write()
    words = [*_ZENSICAL, "serve", "-f", str(staged.configuration), *options]
    with watching(staged.sources, staged.follow, staged.write):
        return run_until_ended(words, staged.folder, environment)


class StagedSite:
    """The staged copy of one project.

    Attributes:
        folder: Where it lies.
        warnings: What is wrong with records and pages, a line each.
    """

    def __init__(self, project: Project, configuration: Path) -> None:
        self.project = project
        self.source = configuration
        self.folder = make_state_folder(project.root, _FOLDER.name)
        self.warnings: list[str] = []
        self.settings = read_mkdocs_yml(configuration)
        self.docs = (configuration.parent / str(self.settings.get("docs_dir") or "docs")).resolve()
        self.collection: Collection | None = None

    @property
    def configuration(self) -> Path:
        """The staged mkdocs.yml."""
        return self.folder / "mkdocs.yml"

    @property
    def directories(self) -> bool:
        """Whether pages are folders."""
        return self.settings.get("use_directory_urls") is not False

    @property
    def others(self) -> tuple[Project, ...]:
        """The other projects that are shown, as the plugin's options name them."""
        return others_of(self.project, [str(one) for one in self._ours.get("projects") or ()])

    @property
    def has_policy(self) -> bool:
        """Whether built pages carry a policy."""
        return self._ours.get("policy") is not False

    @property
    def _ours(self) -> Any:
        """The options of our plugin, which Zensical does not run."""
        named = (one for one in self.settings.get("plugins") or () if isinstance(one, dict))
        return next((one["footnotary"] for one in named if "footnotary" in one), None) or {}

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders that all is made from; those of ours are made where they lack."""
        for folder in (self.project.current, self.project.citations):
            folder.mkdir(parents=True, exist_ok=True)
        documents = (one.current.parent for one in (self.project, *self.others))
        return (self.docs, *documents, self.project.citations)

    def follow(self, path: Path) -> None:
        """Stage one changed page, before all that depends on it."""
        if self.collection is None or path.suffix != ".md" or not path.is_file():
            return
        if path.is_relative_to(self.docs):
            uri: str = path.relative_to(self.docs).as_posix()
            self._place(self.folder / "docs" / uri, uri, path)
            return
        for project in (self.project, *self.others):
            if document := document_at(path, project):
                content = render_document_page(self.collection, document)
                self._place(self.folder / "docs" / document.uri, document.uri, content)

    def write(self) -> None:
        """Write what changed, remove what is no longer there."""
        _remove_links(self.folder)
        settings = read_mkdocs_yml(self.source)
        (name, about), url = _named(settings), str(settings.get("site_url") or "")
        self.collection = collect(
            self.project,
            others=self.others,
            docs=self.docs,
            directories=self.directories,
            from_files=True,
        )
        self.warnings = self._warnings(self.collection)
        made = site_files(self.collection, name, url)
        wanted = {file.uri: file.content for file in made}
        for path in sorted(self.docs.rglob("*")):
            if path.is_file():
                wanted[path.relative_to(self.docs).as_posix()] = path
        if "index.md" not in wanted and "README.md" not in wanted:
            readme = self.project.root / "README.md"
            wanted["index.md"] = home_page(name, about, readme, self.docs)
        docs = self.folder / "docs"
        for path in (docs, self.folder / "site", *docs.rglob("*")):
            if path.is_symlink():  # not made here: it may lead anywhere
                path.unlink()
        for uri, content in wanted.items():
            self._place(docs / uri, uri, content)
        for path in docs.rglob("*"):
            if path.is_file() and path.relative_to(docs).as_posix() not in wanted:
                path.unlink()
        own = [u for u in sorted(wanted) if u.endswith(".md") and u not in {f.uri for f in made}]
        nav = settings.get("nav") or sorted(own, key=lambda uri: uri != "index.md")
        configured = self._configured(settings, nav, navigation(made))
        # Zensical builds all anew when its configuration is written, though it says the same.
        if not self.configuration.is_file() or self.configuration.read_bytes() != configured:
            write_atomically(self.configuration, configured)

    def _warnings(self, collection: Collection) -> list[str]:
        """Return what is wrong with records, and what of the configuration has no effect."""
        found = [f"citations/{error.message}" for error in collection.evidence.broken.values()]
        if self.settings.get("hooks"):
            found.append(f"{self.source.name}: Zensical does not run `hooks`")
        return found

    def _place(self, path: Path, uri: str, content: str | bytes | Path) -> None:
        """Write one file unless it is there already."""
        data = content.read_bytes() if isinstance(content, Path) else content
        if uri.endswith(".md") and self.collection is not None:
            text = data.decode(errors="replace") if isinstance(data, bytes) else data
            data = with_state(text, self.collection, uri)
        encoded = data.encode() if isinstance(data, str) else data
        if not path.is_file() or path.read_bytes() != encoded:
            write_atomically(path, encoded)

    def _configured(self, settings: Any, nav: Any, groups: list[Any]) -> bytes:
        """Return the staged configuration: the author's, with ours added and paths absolute."""
        settings.update({"docs_dir": "docs", "site_dir": "site", "nav": [*nav, *groups]})
        settings["extra_css"] = [*STYLES, *(settings.get("extra_css") or ())]
        settings["extra_javascript"] = [*SCRIPTS, *(settings.get("extra_javascript") or ())]
        theme = settings.get("theme")
        if isinstance(theme, dict) and theme.get("custom_dir"):
            theme["custom_dir"] = str((self.source.parent / theme["custom_dir"]).resolve())
        extensions = list(settings.get("markdown_extensions") or ())
        known = {next(iter(one)) if isinstance(one, dict) else one for one in extensions}
        extensions += [one for one in _NEEDED if one not in known]
        extensions = [one for one in extensions if one != "footnotary"]
        project = self.project
        ours = {"citations": str(project.citations), "pages": True, "root": str(project.root)}
        settings["markdown_extensions"] = [*extensions, {"footnotary": ours}]
        settings["plugins"] = [
            self._plugin(one)
            for one in settings.get("plugins") or ("search",)
            if (next(iter(one)) if isinstance(one, dict) else one) != "footnotary"
        ]
        return _written(settings)

    def _plugin(self, entry: Any) -> Any:
        """Return a plugin's entry; mkdocstrings gets absolute paths and kept inventories."""
        if entry == "mkdocstrings":
            entry = {"mkdocstrings": {}}
        if isinstance(entry, dict) and "mkdocstrings" in entry:
            options = entry["mkdocstrings"] = entry["mkdocstrings"] or {}
            handlers = options["handlers"] = options.get("handlers") or {}
            python = handlers["python"] = handlers.get("python") or {}
            localise(handlers, self.project.root)
            if self._ours.get("guard_docstrings") is not False:
                guard_docstrings(handlers)
            if python.get("paths"):
                python["paths"] = [
                    str((self.source.parent / str(one)).resolve()) for one in python["paths"]
                ]
                add_paths({"python": python}, self.project.root)
        return entry

    def trusted(self, run: _Run) -> Trusted:
        """Return what the theme runs by itself: a site of nothing is built with it.

        Raises:
            SiteError: The site of nothing cannot be built.
        """
        folder = self.folder / "empty"
        if folder.exists():
            shutil.rmtree(folder)
        settings = read_mkdocs_yml(self.configuration)
        plugins = [one for one in settings.get("plugins") or () if "mkdocstrings" not in one]
        settings.update({"plugins": plugins, "nav": ["index.md"]})
        pages = (self.folder / "site").rglob("*.html")
        deepest = max(len(path.relative_to(self.folder / "site").parts) for path in pages)
        write_atomically(folder / "docs/index.md", b"")
        for depth in range(deepest):  # scripts hold the way to the site's root
            write_atomically(folder / f"docs/{'x/' * depth}x.md", b"")
        write_atomically(folder / "mkdocs.yml", _written(settings))
        output, code = run([*_ZENSICAL, "build", "-c", "-f", str(folder / "mkdocs.yml")], folder)
        if code:
            raise SiteError(
                "zensical could not build an empty page, whose scripts a page may run.",
                hint="`policy: false` under the plugin footnotary does without.",
                detail=output.strip(),
            )
        pages = (folder / "site").rglob("*.html")
        found = (trust(path.read_text(encoding="utf-8")) for path in pages)
        return functools.reduce(operator.or_, found, Trusted())

    def guard(self, trusted: Trusted) -> None:
        """Give every page that Zensical made a policy; the author's own HTML files stay."""
        site, blocked = self.folder / "site", Blocked()
        for path in sorted(site.rglob("*.html")):
            place = path.relative_to(site)
            if not (self.folder / "docs" / place).exists():
                page, things = apply_policy(path.read_text(encoding="utf-8"), trusted)
                path.write_text(page, encoding="utf-8", newline="\n")
                blocked.add(things, place.as_posix())
        self.warnings += blocked.sentences()

    def finish(self) -> None:
        """Add to a built site what Zensical does not: the Markdown of each page, llms.txt."""
        site, docs = self.folder / "site", self.folder / "docs"
        pages = []
        for path in sorted(docs.rglob("*.md")):
            uri = path.relative_to(docs).as_posix()
            text = path.read_text(encoding="utf-8")
            heading = next((line[2:] for line in text.splitlines() if line.startswith("# ")), uri)
            address = site_address(uri, directories=self.directories)
            pages.append(MarkdownPage(heading_words(heading), address, text))
        if self.collection is not None:
            write_beside(site, self.collection, *_named(self.settings), pages)


def _warnings_of(output: str) -> Iterator[str]:
    """Yield Zensical's warnings with their places; its drawing of the line is left out.

    That a page or anchor does not exist is left to `find_dead_links`, which finds it as well.
    """
    for words, place in _WARNING.findall(_COLOURS.sub("", output)):
        if not words.endswith("does not exist"):
            yield f"{place}: {words}"


def _remove_links(folder: Path) -> None:
    """Remove the links in a folder of ours, which came with the project: they lead anywhere."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            if path.is_symlink():
                path.unlink()


def _named(settings: Any) -> tuple[str, str]:
    """Return the site's name and what it is about as words: in mkdocs.yml they are HTML."""
    name, about = settings.get("site_name"), settings.get("site_description")
    return unescape(str(name or "")), unescape(str(about or ""))


def _written(settings: Any) -> bytes:
    """Return settings as YAML."""
    stream = io.StringIO()
    _yaml().dump(settings, stream)
    return stream.getvalue().encode()


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.width = 4096
    return yaml
