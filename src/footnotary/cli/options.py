"""Options that several commands have, how Typer is shown them, and what commands share.

Settings say how a project is read where that does not vary from call to call; they are taken as
options too, and not listed.
"""

import functools
import inspect
import os
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from footnotary import __version__
from footnotary.cli.printing import echo
from footnotary.errors import UsageError
from footnotary.facts.options import ReadOptions
from footnotary.files import is_there

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project

# every command has it, and none reads it: `running` looks for it before there is a command
_VERBOSE = inspect.Parameter(
    "verbose",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--verbose")],
)


def expand_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters that are groups stand as their options.

    Args:
        command: A function for Typer; each parameter annotated with a dataclass, all of whose
            fields have defaults and are annotated as Typer wants its options, is a group.
    """
    parameters = inspect.signature(command, eval_str=True).parameters.values()
    groups: dict[str, Any] = {
        one.name: one.annotation for one in parameters if is_dataclass(one.annotation)
    }

    @functools.wraps(command)
    def called_by_typer(verbose: bool = False, **options: Any) -> None:  # noqa: ARG001  see _VERBOSE
        for name, group in groups.items():
            names = [field.name for field in fields(group)]
            options[name] = group(**{each: options.pop(each) for each in names})
        command(**options)

    shown = [
        option
        for one in parameters
        for option in (_options(groups[one.name]) if one.name in groups else [one])
    ]
    shown.append(_VERBOSE)
    called_by_typer.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    called_by_typer.__annotations__ = {one.name: one.annotation for one in shown}
    return called_by_typer


def _options(group: Any) -> list[inspect.Parameter]:
    """Return the fields of a group as parameters."""
    annotations = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=annotations[field.name],
        )
        for field in fields(group)
    ]


_SENTENCE = 400  # characters; longer than any first sentence
# What nearly every command takes: it is explained once, in the help of the program.
_COMMON = {
    "root": (
        "--root DIRECTORY",
        "The project's folder. [default: the nearest one with a pyproject.toml or .git]",
    ),
    "quiet": ("-q, --quiet", "Print errors only."),
    "verbose": ("--verbose", "Show details and tracebacks of what failed."),
}
C = TypeVar("C", bound=Callable[..., None])


class _Command(TyperCommand):
    """A command whose help names the common options in one line."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.common: list[Any] = [each for each in self.params if each.name in _COMMON]
        self.params = [each for each in self.params if each.name not in _COMMON]

    def get_params(self, ctx: Any) -> list[Any]:
        """Return all parameters; the common options are parsed and completed as any other."""
        return [*self.common, *super().get_params(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the list of the command's own options."""
        for each in self.common:
            each.hidden = True
        super().format_options(ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Name the common options."""
        names = ", ".join(_COMMON[str(each.name)][0] for each in self.common)
        program = ctx.find_root().info_name
        formatter.write_paragraph()
        formatter.write_text(f"Common options: {names} (see {program} --help).")


def split_leading_options(args: list[str]) -> tuple[list[str], list[str]]:
    """Return the common options that words begin with, and the words from a command's name on."""
    end = 0
    while end < len(args) and (
        args[end] in {"--root", "-q", "--quiet", "--verbose"} or args[end].startswith("--root=")
    ):
        end += 2 if args[end] == "--root" else 1
    return args[:end], args[end:]


class CommandGroup(TyperGroup):
    """A group whose help shows the whole first sentence of each command, however long."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put common options that precede a command's name behind it."""
        leading, words = split_leading_options(args)
        return super().parse_args(ctx, [words[0], *leading, *words[1:]] if words else [])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(limit=_SENTENCE))
            for name, command in commands
            if command is not None and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
        with formatter.section("Options of every command"):
            formatter.write_dl(list(_COMMON.values()))


_WORD = re.compile(r"[a-z][a-z-]*")


class DefaultCommandGroup(CommandGroup):
    """A group whose first word may be left out: `cite URL` is `cite add URL`."""

    default = "add"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name in front of words that name no command.

        `result` is a short form: `cite result 3` is `cite add --result 3`. A bare word is no
        source but a misspelt command.
        """
        own_options = {"-h", "--help", "--version", "--install-completion", "--show-completion"}
        leading, words = split_leading_options(args)
        is_source = bool(words) and (words[0] == "result" or not _WORD.fullmatch(words[0]))
        if is_source and words[0] not in own_options:
            words[0] = "--result" if words[0] == "result" else words[0]
            args = [self.default, *leading, *words]
        return super().parse_args(ctx, args)


class App(typer.Typer):
    """A group of commands whose parameters may be groups of options."""

    def command(self, *names: Any, **settings: Any) -> Callable[[C], C]:
        """Return what makes a function a command; as Typer's own, with groups of options."""
        register = super().command(*names, cls=_Command, **settings)

        def registered(function: C) -> C:
            register(expand_option_groups(function))
            return function

        return registered


def new_app(name: str, about: str, *, group: type[TyperGroup] = CommandGroup) -> typer.Typer:
    """Return an empty command group with the settings that all of ours share."""
    app = App(
        name=name,
        help=about,
        cls=group,
        no_args_is_help=True,
        rich_markup_mode=None,  # halves the start-up; help is plain text everywhere
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(invoke_without_command=True)(_version_option)
    return app


def _version_option(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        echo(f"footnotary {__version__} (Python {sys.version.split(maxsplit=1)[0]})")
        raise typer.Exit


_FLAGS = {"mocks": "--mock", "imports": "--import", "compose_files": "--compose-file",
          "profiles": "--profile"}  # fmt: skip
KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="api, schema, deploy, impl or research.")
]


@dataclass(frozen=True)
class Printing:
    """What a command prints, and for whom."""

    as_json: Annotated[bool, typer.Option("--json", help="Print only JSON on stdout.")] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False


@dataclass(frozen=True)
class Where:
    """The project that a command works on."""

    root: Annotated[
        Path | None,
        typer.Option("--root", exists=True, file_okay=False),
    ] = None

    def project_and_settings(self) -> "tuple[Project, Settings]":
        """Find the project and read its settings.

        Raises:
            SettingsError: A setting cannot be used.
            ProjectError: pyproject.toml cannot be read.
        """
        from footnotary.config import load_settings
        from footnotary.project import Project, discover

        project = Project(self.root.resolve()) if self.root else discover(Path.cwd())
        settings = load_settings(project)
        project = replace(
            project,
            stale_after_days=settings.stale_after_days,
            python=settings.python,
            usual_reading=settings.reading,
            marker=settings.marker,
        )
        return project, settings


def _path_from(root: Path, typed: str) -> str:
    """Return a path relative to the root; it is typed relative to the current folder or root."""
    if not typed or Path(typed).is_absolute() or not is_there(Path.cwd() / typed):
        return typed
    return Path(os.path.relpath(typed, root)).as_posix()


@dataclass(frozen=True)
class ReadingGroup:
    """How the user's project is read."""

    allow_private: Annotated[bool, typer.Option("--allow-private", hidden=True)] = False
    app: Annotated[
        str, typer.Option("--app", help="The application, as module:attribute. [default: found]")
    ] = ""
    python: Annotated[str, typer.Option("--python", hidden=True)] = ""
    env_file: Annotated[Path | None, typer.Option("--env-file", hidden=True)] = None
    mocks: Annotated[list[str] | None, typer.Option("--mock", hidden=True)] = None
    openapi: Annotated[
        str,
        typer.Option("--openapi", help="OpenAPI document, a file or an address, to read instead."),
    ] = ""
    metadata: Annotated[str, typer.Option("--metadata", hidden=True)] = ""
    imports: Annotated[list[str] | None, typer.Option("--import", hidden=True)] = None
    dialect: Annotated[str, typer.Option("--dialect", hidden=True)] = ""
    database_url: Annotated[
        str, typer.Option("--database-url", help="A live database to compare the models with.")
    ] = ""
    scratch: Annotated[
        bool,
        typer.Option(
            "--scratch",
            help="Make the models' tables in a scratch schema of that database, to compare them"
            " there; it is rolled back. [default: in a server of our own, where one is installed]",
        ),
    ] = False
    compose_files: Annotated[
        list[str] | None,
        typer.Option("--compose-file", help="Compose file; repeatable, in order. [default: found]"),
    ] = None
    profiles: Annotated[
        list[str] | None,
        typer.Option("--profile", help="Compose profile taken as active; repeatable."),
    ] = None
    package: Annotated[str, typer.Option("--package", "--path", hidden=True)] = ""
    timeout: Annotated[float, typer.Option("--timeout", min=1, hidden=True)] = ReadOptions.timeout

    def options(self, root: Path, *kinds: str) -> ReadOptions:
        """Return the options as `writing` takes them.

        Args:
            root: The project's root; paths that were typed are turned into paths from there.
            kinds: Names of the kinds of documents that are read for.

        Raises:
            UsageError: There is no such kind, or an option is none of these kinds'.
        """
        from footnotary.documents.registry import KINDS, kind_named

        chosen = [kind_named(each) for each in kinds]
        values = {name: value for name, value in vars(self).items() if name != "allow_private"}
        repeated = {name: tuple(values[name] or ()) for name in _FLAGS}
        files = tuple(_path_from(root, one) for one in repeated["compose_files"])
        paths: dict[str, str | Path] = {
            name: _path_from(root, values[name]) for name in ("openapi", "package")
        }
        if self.env_file is not None:
            paths["env_file"] = root / _path_from(root, str(self.env_file))
        options = ReadOptions(**values | repeated | paths | {"compose_files": files})
        known = {name for each in KINDS for name in each.options}
        for name in sorted(known.difference(*(each.options for each in chosen))):
            value = getattr(options, name)
            if chosen and value != getattr(ReadOptions(), name):
                takers = [each.name for each in KINDS if name in each.options]
                flag = _FLAGS.get(name, f"--{name.replace('_', '-')}")
                given = value if isinstance(value, tuple) else [value] if value is not True else []
                words = [str(one) for one in given]
                shown = "URL" if name == "database_url" else shlex.join(words)
                raise UsageError(
                    f"{flag} is not an option of {' or '.join(kinds)}, but of"
                    f" {' and '.join(takers)}.",
                    hint=f"doc new {takers[0]} {flag} {shown}",
                )
        return options
