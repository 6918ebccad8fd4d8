"""From console script to exit code: the command tree, and every way a command can end.

Exit codes: 0 clean, 1 findings or a refused quote, 2 could not do it, 3 our bug,
130 interrupted.
"""

import contextlib
import functools
import gc
import importlib
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
import typer.main

from footnotary.cli import doc_reading, printing, search
from footnotary.cli.options import CommandGroup, DefaultCommandGroup, new_app
from footnotary.cli.printing import echo
from footnotary.errors import FootnotaryError, FootnotaryWarning

OUR_BUG = 3
INTERRUPTED = 130
BROKEN_PIPE = 141
_OBJECTS = 50_000  # made between two looks for what refers to itself: little does


def run(program: str, arguments: list[str] | None = None) -> NoReturn:
    """Run one of the console scripts and leave the process.

    Args:
        program: `footnotary`, `cite` or `doc`.
        arguments: Words after the program's name; `sys.argv` if None.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    sys.exit(exit_code(program, sys.argv[1:] if arguments is None else arguments))


WARM = (
    *(f"footnotary.cli.{name}" for name in ("cite", "cite_check", "cite_library", "cite_reading")),
    *(f"footnotary.cli.{name}" for name in ("doc_check", "doc_reading", "doc_writing", "search")),
    *("footnotary.citing", "footnotary.checking", "footnotary.inspecting", "footnotary.searching"),
    *("footnotary.searching.web", "encodings.idna", "rapidfuzz.fuzz", "rapidfuzz.process"),
    *("footnotary.extract", "footnotary.fetch.fetcher", "footnotary.fetch.client", "protego"),
    *("footnotary.gating.checking_all", "footnotary.writing.composing", "footnotary.config"),
    *("footnotary.writing.reading", "footnotary.writing.exporting", "footnotary.readers.deploy"),
    *("footnotary.gating.quality", "footnotary.gating.mending", "footnotary.handing_over"),
    *("footnotary.checking.renewing", "footnotary.rules.claim_signals", "footnotary.probe.child"),
    *("footnotary.probe.discovery", "footnotary.probe.settings", "e2b_dockerfile_utils"),
    *("footnotary.readers.impl", "footnotary.git", "footnotary.keeping", "httpx", "markdown_it"),
)
"""What a process imports once that is to run many commands; see `prepare_calls`."""


_FIRST_CALLS = (
    ("cite", "add", "pool.md:1-1", "--claim=A pool starts with 5 connections."),
    ("cite", "add", "https://pool.example/", "--file={}/pool.html", "--quote=A pool of 50 starts."),
    *(("cite", "list"), ("search", "pool"), ("doc", "list"), ("doc", "check"), ("note", "list")),
)


def prepare_calls() -> None:
    """Import what commands need and run some in a small project: what is made once is there.

    The streams are expected to lead nowhere.
    """
    for name in WARM:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="footnotary-") as folder:
        Path(folder, "pyproject.toml").touch()
        for name in ("pool.md", "pool.html"):
            Path(folder, name).write_text("Start with a pool of 5 connections.\n", "utf-8")
        for words in _FIRST_CALLS:
            command = [word.replace("{}", folder) for word in words]
            exit_code("footnotary", [*command, "--json", f"--root={folder}"])


def run_call(words: Sequence[str], report: Callable[[int, int], None]) -> int:
    """Run a `footnotary` command that somebody else waits for, perhaps after another one.

    Args:
        words: Words after `footnotary`.
        report: Is told of its progress.

    Returns:
        Its exit code.
    """
    from footnotary.derived import forget_locked
    from footnotary.state import forget_tracked

    printing.tell_progress_to(report)
    forget_tracked()
    forget_locked()
    return exit_code("footnotary", list(words))


def exit_code(program: str, arguments: list[str]) -> int:
    """Run one of the console scripts.

    Args:
        program: `footnotary`, `cite` or `doc`.
        arguments: Words after the program's name.

    Returns:
        The exit code; messages went to stderr.
    """
    with _warnings_told():
        return _exit_code(program, arguments)


def _exit_code(program: str, arguments: list[str]) -> int:
    """Run a console script and say on stderr why it failed, if it did."""
    verbose = "--verbose" in arguments
    code = 0
    try:
        # outside its standalone mode Typer returns the code of typer.Exit instead of raising it
        left_with = build_command(program)(arguments, prog_name=program, standalone_mode=False)
        code = left_with if isinstance(left_with, int) else 0
        if code == INTERRUPTED:  # Typer returns it for a KeyboardInterrupt, and says nothing
            echo("interrupted", err=True)
    except typer.Exit as leaving:
        code = leaving.exit_code
    except typer.TyperException as error:
        code = _wrong_words(error)
    except (typer.Abort, KeyboardInterrupt):
        echo("interrupted", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BROKEN_PIPE
    except FootnotaryError as error:
        tell(error, verbose=verbose)
        code = error.exit_code
    except UnicodeEncodeError:
        echo("error: Text that holds half of a surrogate pair cannot be written.", err=True)
        echo("hint: An argument or a file that was read is not Unicode; correct it.", err=True)
        code = FootnotaryError.exit_code
    except Exception:  # noqa: BLE001  the last resort: a traceback is for us, not for the user
        code = _our_bug(verbose=verbose)
    return code


@contextlib.contextmanager
def _warnings_told() -> Iterator[None]:
    """Print our own warnings as the errors are printed, each time."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", FootnotaryWarning)
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if issubclass(category, FootnotaryWarning):
                echo(f"warning: {message}", err=True)
            else:
                usual(message, category, *where)

        warnings.showwarning = show  # type: ignore[assignment]
        yield


def _wrong_words(error: typer.TyperException) -> int:
    """Say what is wrong with the command line, and which help to read."""
    if type(error).__name__ == "NoArgsIsHelpError":
        echo(error.format_message(), err=True)
        return 2
    context = getattr(error, "ctx", None)
    echo(f"error: {error.format_message()}", err=True)
    if context is not None:
        echo(f"hint: {context.command_path} --help", err=True)
    return 2


def tell(error: FootnotaryError, *, verbose: bool = False) -> None:
    """Print an error's message and hint (and its detail, when verbose) on stderr."""
    echo(f"error: {error.message}", err=True)
    if error.hint:
        echo(f"hint: {error.hint}", err=True)
    if error.detail and verbose:
        echo(error.detail, err=True)
    elif error.detail:
        echo("(--verbose shows the details)", err=True)


def _our_bug(*, verbose: bool) -> int:
    """Say that this is our fault, in one sentence, and where the traceback is."""
    kind, value, _ = sys.exc_info()
    name = kind.__name__ if kind else "error"
    echo(f"error: footnotary itself failed ({name}: {value}).", err=True)
    if verbose:
        traceback.print_exc()
    else:
        echo("hint: run it again with --verbose and report the traceback.", err=True)
    return OUR_BUG


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
    from footnotary.cli import note, setting_up
    from footnotary.cli.cite_library import merge_record

    app = new_app("footnotary", "Documentation whose every claim rests on a checked source.")
    app.add_typer(_new_cite(), name="cite")
    app.add_typer(_new_doc(), name="doc")
    groups: tuple[tuple[str, str, dict[str, Callable[..., Any]]], ...] = (
        (
            "site",
            "Build and serve the site, with the evidence under every claim.",
            {"build": setting_up.run_build, "serve": setting_up.run_serve},
        ),
        (
            "cache",
            "The pages that were read, kept on this machine; safe to drop.",
            {"show": search.show_cache, "clear": search.clear},
        ),
        (
            "note",
            "The research notebook: questions, their trails, decisions.",
            {
                "start": note.start,
                "stop": note.stop,
                "add": note.run_note_add,
                "reject": note.reject,
                "decide": note.decide,
                "list": note.run_note_list,
                "show": note.run_note_show,
                "import": note.run_note_import,
                "export": note.run_note_export,
            },
        ),
    )
    for name, about, commands in groups:
        app.add_typer(_new_group(name, about, commands), name=name)
    app.command("search")(search.run_search)
    app.command("library")(search.run_library)
    app.command("init")(setting_up.init)
    app.command("install-project")(setting_up.run_install_project)
    app.command("tour")(setting_up.tour)
    app.command("handoff")(setting_up.run_handoff)
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
    from footnotary.cli import doc_check, doc_writing

    return _new_group(
        "doc",
        "Documents that stay true: written from the code, each claim with its source.",
        {
            "new": doc_writing.run_doc_new,
            "refresh": doc_writing.run_doc_refresh,
            "sync": doc_writing.run_doc_sync,
            "export": doc_writing.run_doc_export,
            "list": doc_reading.list_documents,
            "facts": doc_reading.facts,
            "diff": doc_reading.diff,
            "check": doc_check.run_doc_check,
            "adopt": doc_reading.adopt,
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
