"""How command groups are made: one look for all, and a group with a default command."""

import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from footnotary import __version__
from footnotary.cli.printing import echo

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


class CommandGroup(TyperGroup):
    """A group whose help shows the whole first sentence of each command, however long."""

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
        with formatter.section("Options of the commands"):
            formatter.write_dl(list(_COMMON.values()))


class DefaultCommandGroup(CommandGroup):
    """A group whose first word may be left out: `cite URL` is `cite add URL`."""

    default = "add"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name in front of words that name no command.

        `result` is a short form: `cite result 3` is `cite add --result 3`.
        """
        own_options = {"-h", "--help", "--version", "--install-completion", "--show-completion"}
        if args and args[0] not in self.commands and args[0] not in own_options:
            args = [self.default, *args]
            if args[1] == "result":
                args[1] = "--result"
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
