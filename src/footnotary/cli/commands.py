"""The command tree: every command, and the group it is in."""

import functools
from collections.abc import Callable
from typing import Any

import typer.main

from footnotary.cli.groups import CommandGroup, DefaultCommandGroup, new_app


@functools.cache
def build_command(program: str) -> Callable[..., Any]:
    """Return the command behind a console script, which is built once a process.

    Args:
        program: `footnotary`, `cite` or `doc`; anything else is `footnotary`.
    """
    return typer.main.get_command(_application(program))


def _application(program: str) -> typer.Typer:
    """Return the application behind a console script."""
    if program == "cite":
        return _new_cite()
    if program == "doc":
        return _new_doc()
    from footnotary.cli import search, setting_up, site
    from footnotary.cli.cite_library import merge_record

    app = new_app("footnotary", "Documentation whose every claim rests on a checked source.")
    app.add_typer(_new_cite(), name="cite")
    app.add_typer(_new_doc(), name="doc")
    app.add_typer(
        _new_group(
            "site",
            "Build and serve the site, with the evidence under every claim.",
            {"build": site.run_build, "serve": site.run_serve},
        ),
        name="site",
    )
    app.add_typer(
        _new_group(
            "cache",
            "The pages that were read, kept on this machine; safe to drop.",
            {"show": search.show_cache, "clear": search.clear},
        ),
        name="cache",
    )
    app.command("search")(search.run_search)
    app.command("init")(site.init)
    app.command("install-project")(setting_up.run_install_project)
    app.command("tour")(setting_up.tour)
    app.command("mcp")(setting_up.mcp)
    app.command("merge-record")(merge_record)
    return app


def _new_cite() -> typer.Typer:
    from footnotary.cli import cite_check, cite_library, cite_reading, cite_update
    from footnotary.cli.cite import add

    return _new_group(
        "cite",
        "Cite sources: every quote is looked for on its page before it is recorded.",
        {
            "add": add,
            "list": cite_library.list_citations,
            "show": cite_library.run_show,
            "rm": cite_library.run_remove,
            "export": cite_library.export,
            "import": cite_library.import_,
            "migrate": cite_library.run_migrate,
            "check": cite_check.run_cite_check,
            "update": cite_update.update,
            "open": cite_reading.open_source,
            "inspect": cite_reading.inspect,
            "match": cite_reading.run_match,
        },
        DefaultCommandGroup,
    )


def _new_doc() -> typer.Typer:
    from footnotary.cli import doc_adopt, doc_check, doc_reading, doc_writing

    return _new_group(
        "doc",
        "Documents that stay true: written from the code, each claim with its source.",
        {
            "new": doc_writing.run_doc_new,
            "refresh": doc_writing.run_doc_refresh,
            "sync": doc_writing.run_doc_sync,
            "list": doc_reading.list_documents,
            "facts": doc_reading.facts,
            "diff": doc_reading.diff,
            "check": doc_check.run_doc_check,
            "adopt": doc_adopt.adopt,
            "commit": doc_check.run_doc_commit,
        },
    )


def _new_group(
    name: str,
    about: str,
    commands: dict[str, Callable[..., Any]],
    group: type[CommandGroup] = CommandGroup,
) -> typer.Typer:
    app = new_app(name, about, group=group)
    for word, command in commands.items():
        app.command(word)(command)
    return app
