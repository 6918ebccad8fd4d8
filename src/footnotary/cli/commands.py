"""The command tree. Modules below `cli` hold one command group each."""

import typer

from footnotary.cli.groups import new_app


def application(program: str) -> typer.Typer:
    """Return the application behind a console script.

    Args:
        program: `footnotary`, `cite` or `doc`; anything else is `footnotary`.
    """
    from footnotary.cli.cache import app as cache_app
    from footnotary.cli.cite import app as cite_app
    from footnotary.cli.cite_library import merge_record
    from footnotary.cli.doc import app as doc_app
    from footnotary.cli.install_project import run_install_project
    from footnotary.cli.mcp import mcp
    from footnotary.cli.search import run_search
    from footnotary.cli.site import app as site_app
    from footnotary.cli.site import init
    from footnotary.cli.tour import tour

    if program == "cite":
        return cite_app
    if program == "doc":
        return doc_app
    app = new_app("footnotary", "Documentation whose every claim rests on a checked source.")
    app.add_typer(cite_app, name="cite")
    app.add_typer(doc_app, name="doc")
    app.add_typer(site_app, name="site")
    app.add_typer(cache_app, name="cache")
    app.command("search")(run_search)
    app.command()(init)
    app.command("install-project")(run_install_project)
    app.command()(tour)
    app.command()(mcp)
    app.command("merge-record")(merge_record)
    return app
