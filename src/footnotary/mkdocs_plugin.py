"""The plugin for MkDocs and ProperDocs: hands them what `publishing` makes.

The documents lie in a dot-folder outside `docs_dir`, so they are added as generated files, as
are the Sources library, the notebook and the feeds. What is rendered is decided by
`footnotary.markdown_extension`, which the plugin switches on with absolute paths.
"""

import logging
import os
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs import utils
from mkdocs.commands.build import get_context
from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import nest_paths

from footnotary.project import Project
from footnotary.publishing import place, stencil
from footnotary.publishing.collection import Collection, collect, others_of, site_address
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
from footnotary.publishing.place import SiteFile
from footnotary.publishing.policy import Blocked, Trusted, apply_policy, trust
from footnotary.publishing.stencil import SetAside

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

NAV_PLUGINS = {"awesome-nav", "awesome-pages", "literate-nav"}
NAME = "footnotary"
_MAIN = "main.html"
EMPTY = "footnotary-page-of-nothing"

_log = logging.getLogger("mkdocs.plugins.footnotary")


class FootnotaryConfig(Config):
    """The plugin's options in mkdocs.yml."""

    policy = options.Type(bool, default=True)
    """Whether built pages carry a Content-Security-Policy."""
    projects = options.ListOfItems(options.Type(str), default=[])
    """Folders of other projects in the repository whose documents are shown too."""
    guard_docstrings = options.Type(bool, default=True)
    """Whether nothing but CommonMark acts in docstrings that mkdocstrings shows."""


class FootnotaryPlugin(BasePlugin[FootnotaryConfig]):
    """Publishes documents, sources and notebook with an MkDocs site."""

    def __init__(self) -> None:
        super().__init__()
        self.collection: Collection | None = None
        self.made: tuple[SiteFile, ...] = ()
        self.by_uri: dict[str, SiteFile] = {}
        self.pages: list[MarkdownPage] = []
        self.set_aside = SetAside()
        self.stencil = stencil.Stencil()
        self.serving = False
        self.env: Environment | None = None
        self.trusted: dict[tuple[str, int], Trusted] = {}
        self.blocked = Blocked()

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether this is `serve`: its live reload needs an inline script."""
        del dirty
        self.serving = command == "serve"

    @event_priority(90)
    def on_config(self, config: "MkDocsConfig") -> "MkDocsConfig":
        """Switch on the Markdown extension, our scripts and styles."""
        project = _project(config)
        for name, settings in needed().items():
            if name not in config.markdown_extensions:
                config.markdown_extensions.append(name)
                config.mdx_configs[name] = settings
        if NAME not in config.markdown_extensions:
            config.markdown_extensions.append(NAME)
        config.mdx_configs[NAME] = {
            **config.mdx_configs.get(NAME, {}),
            "citations": str(project.citations),
            "root": str(project.root),
        }
        if "mkdocstrings" in config.plugins:
            handlers = config.plugins["mkdocstrings"].config.setdefault("handlers", {})
            handlers.setdefault("python", {})
            add_paths(handlers, project.root)
            if self.config.guard_docstrings:
                guard_docstrings(handlers)
            for url in localise(handlers, project.root):
                _log.info("types are not linked by %s: `footnotary site build` fetches it", url)
        config.extra_css[:0] = [one for one in STYLES if one not in config.extra_css]
        config.extra_javascript[:0] = [
            one for one in SCRIPTS if one not in map(str, config.extra_javascript)
        ]
        return config

    def on_files(self, files: Files, *, config: "MkDocsConfig") -> Files:
        """Add what is made; a file that the author wrote at the same place wins."""
        docs = Path(config.docs_dir)
        _resolve_closest(config)
        self.collection = collect(
            _project(config),
            others=self._others(config),
            docs=docs,
            directories=config.use_directory_urls,
        )
        for error in self.collection.evidence.broken.values():
            _log.warning("citations/%s %s", error.message, error.hint)
        self.collection.evidence.pinned = True
        self.set_aside = SetAside()
        name, about = _named(config)
        made = site_files(self.collection, name, config.site_url or "")
        made = tuple(one for one in made if files.get_file_from_path(one.uri) is None)
        framed = [one for one in made if one.sections]
        self.stencil = stencil.Stencil(framed, directories=config.use_directory_urls)
        self.pages = [
            MarkdownPage(
                one.sections[0].title,
                site_address(one.uri, directories=config.use_directory_urls),
                str(one.content),
            )
            for one in framed
        ]
        self.made = tuple(one for one in made if not one.sections)
        if framed:
            self.made += (SiteFile(stencil.URI, stencil.MARKDOWN),)
        if files.get_file_from_path("index.md") is None and not files.get_file_from_path(
            "README.md"
        ):
            readme = _project(config).root / "README.md"
            self.made += (SiteFile("index.md", home_page(name, about, readme, docs)),)
        if config.nav is None and not NAV_PLUGINS & set(config.plugins):
            own = [file.src_uri for file in files.documentation_pages()]
            config.nav = nest_paths(sorted(own, key=lambda uri: (uri != "index.md", uri)))
            if not any(uri == "index.md" for uri in own):
                config.nav.insert(0, "index.md")
        self.by_uri = {one.uri: one for one in self.made}
        for one in self.made:
            files.append(_file(one, config))
        if config.nav is not None:
            config.nav = [*config.nav, *_unmentioned(config.nav, navigation(self.made))]
        return files

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: "MkDocsConfig", files: Files
    ) -> str:
        """Name the page for the extension, and put the project's state where it is asked for."""
        del files
        uri = page.file.src_uri
        place.enter_page(uri, site_address(uri, directories=config.use_directory_urls))
        if self.collection is not None:
            markdown = with_state(markdown, self.collection, uri)
        made = self.by_uri.get(uri)
        if made is not None and made.body:
            markdown = markdown.replace(made.body, self.set_aside.keep(made.body))
        return markdown

    def on_page_content(
        self, html: str, *, page: Page, config: "MkDocsConfig", files: Files
    ) -> str:
        """Remember the page's Markdown, to be written beside it; set the Sources aside."""
        del files
        place.enter_page("", None)
        uri = page.file.src_uri
        if uri == stencil.URI:
            return html
        made = self.by_uri.get(uri)
        markdown = str(made.content) if made and made.body else page.markdown or ""
        address = site_address(uri, directories=config.use_directory_urls)
        title = heading_words(str(page.title or ""))
        self.pages.append(MarkdownPage(title, address, markdown))
        return self.set_aside.take(html)

    @event_priority(-100)
    def on_env(self, env: "Environment", *, config: "MkDocsConfig", files: Files) -> "Environment":
        """Take the theme as all other plugins have left it."""
        del config, files
        self.env, self.trusted, self.blocked = env, {}, Blocked()
        return env

    @event_priority(-90)
    def on_post_page(self, output: str, *, page: Page, config: "MkDocsConfig") -> str:
        """Add a policy that lets the theme run its own scripts alone; put what is ours back."""
        if page.title == EMPTY:
            return output
        uri = page.file.src_uri
        output = self.set_aside.put_back(output)
        if self.config.policy and not self.serving:
            template = str(page.meta.get("template") or _MAIN)
            trusted = self._trusted(template, page.url.count("/"), config)
            output, blocked = apply_policy(output, trusted)
            self.blocked.add(blocked, uri)
        if uri == stencil.URI:
            self.stencil.cut(output)
        return output

    def on_post_template(
        self, output_content: str, *, template_name: str, config: "MkDocsConfig"
    ) -> str:
        """Name the page of every source in the sitemap; the page of errors has a policy too."""
        if template_name == "sitemap.xml":
            return self.stencil.sitemap(output_content)
        if template_name.endswith(".html") and self.config.policy and not self.serving:
            output_content, blocked = apply_policy(
                output_content, self._trusted(template_name, 0, config, of_page=False)
            )
            self.blocked.add(blocked, template_name)
        return output_content

    def _trusted(
        self, template: str, depth: int, config: "MkDocsConfig", *, of_page: bool = True
    ) -> Trusted:
        """Return what a template of the theme runs by itself, in a page of nothing."""
        assert self.env is not None  # noqa: S101  MkDocs makes it before any page
        if (template, depth) not in self.trusted:
            page = _empty_page(depth, config)
            nav = Navigation([page], [page])
            nav.homepage = page
            page_or_none = page if of_page else None
            context = get_context(nav, Files([]), config, page_or_none, _base_url(template, config))
            try:
                html = self.env.get_template(template).render(context)
                if of_page:
                    html = config.plugins.on_post_page(html, page=page, config=config)
                self.trusted[template, depth] = trust(html or "")
            except Exception as error:  # noqa: BLE001  a template or plugin of anybody's
                _log.debug("%s renders no empty page: %s", template, error)
                main = template == _MAIN
                self.trusted[template, depth] = (
                    Trusted() if main else self._trusted(_MAIN, depth, config)
                )
        return self.trusted[template, depth]

    @event_priority(-90)
    def on_post_build(self, *, config: "MkDocsConfig") -> None:
        """Write the pages of the sources, the Markdown of each page beside it, and llms.txt."""
        if self.collection is None:
            return
        site = Path(config.site_dir)
        self.collection.evidence.pinned = False
        self.stencil.write(site)
        for sentence in self.blocked.sentences():
            _log.warning("%s", sentence)
        write_beside(site, self.collection, *_named(config), self.pages)

    def on_serve(
        self, server: "LiveReloadServer", *, config: "MkDocsConfig", builder: Any
    ) -> "LiveReloadServer":
        """Rebuild when a document or a citation changes."""
        del builder
        project = _project(config)
        for folder in (project.current, project.citations):
            folder.mkdir(parents=True, exist_ok=True)
        shown = (project, *self._others(config))
        documents = [folder for one in shown for folder in (one.current, one.archive)]
        for folder in (*documents, project.citations):
            if folder.is_dir():
                server.watch(str(folder))
        return server

    def _others(self, config: "MkDocsConfig") -> tuple[Project, ...]:
        """Return the other projects that are shown."""
        return others_of(_project(config), self.config.projects)


def _resolve_closest(config: "MkDocsConfig") -> None:
    """Let a name lead to the nearest page that shows it: an IMPL document shows all modules.

    Source: mkdocs-autorefs, `resolve_closest`; without it a second page is a warning.
    """
    references = config.plugins.get("autorefs")
    if references is not None and "resolve_closest" in references.config:
        references.config["resolve_closest"] = True


def _project(config: "MkDocsConfig") -> Project:
    """Return the project that mkdocs.yml belongs to."""
    path = config.config_file_path
    return Project(
        Path(
            os.environ.get("FOOTNOTARY_ROOT") or (Path(path).parent if path else Path.cwd())
        ).resolve()
    )


def _named(config: "MkDocsConfig") -> tuple[str, str]:
    """Return the site's name and what it is about as words: in mkdocs.yml they are HTML."""
    return unescape(config.site_name), unescape(config.site_description or "")


def _base_url(template: str, config: "MkDocsConfig") -> str:
    """Return how a file that is no page reaches the site's root, as MkDocs has it."""
    if utils.is_error_template(template):
        return urlsplit(config.site_url or "/").path
    return utils.get_relative_url(".", template)


def _empty_page(depth: int, config: "MkDocsConfig") -> Page:
    """Return a page of nothing."""
    if config.use_directory_urls:
        uri = f"{'x/' * (depth - 1)}x.md" if depth else "index.md"
    else:
        uri = f"{'x/' * depth}x.md"
    page = Page(EMPTY, File.generated(config, uri, content=""), config)
    page.markdown = page.content = ""
    page.toc = get_toc([])
    return page


def _file(made: SiteFile, config: "MkDocsConfig") -> File:
    """Return a made file as MkDocs has them."""
    inclusion = (
        InclusionLevel.INCLUDED
        if made.group or made.uri == "index.md"
        else InclusionLevel.NOT_IN_NAV
    )
    if isinstance(made.content, Path):
        return File.generated(config, made.uri, abs_src_path=str(made.content), inclusion=inclusion)
    return File.generated(config, made.uri, content=made.content, inclusion=inclusion)


def _unmentioned(nav: list[Any], groups: list[dict[str, list[dict[str, str]]]]) -> list[Any]:
    """Return the groups that an author's own navigation does not place already."""
    placed = set(_uris(nav))
    names = {name for item in nav if isinstance(item, dict) for name in item}
    kept = []
    for group in groups:
        for name, entries in group.items():
            rest = [one for one in entries if not placed & set(one.values())]
            if rest and name not in names:
                kept.append({name: rest})
    return kept


def _uris(nav: Any) -> list[str]:
    """Return every place that a navigation mentions."""
    if isinstance(nav, str):
        return [nav]
    if isinstance(nav, dict):
        return [uri for value in nav.values() for uri in _uris(value)]
    return [uri for item in nav or () for uri in _uris(item)]


def needed() -> dict[str, dict[str, Any]]:
    """Return the extensions with the options they need, as Python-Markdown takes them."""
    from pymdownx.superfences import fence_code_format

    return {
        "admonition": {},
        "attr_list": {},
        "md_in_html": {},
        "tables": {},
        "pymdownx.details": {},
        "pymdownx.superfences": {
            "custom_fences": [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}]
        },
    }
