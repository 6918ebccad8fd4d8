"""How command groups are made: one look for all, and a group with a default command."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperGroup

from footnotary import __version__
from footnotary.cli.option_groups import expand_option_groups
from footnotary.cli.printing import echo

_SENTENCE = 400  # characters; longer than any first sentence
C = TypeVar("C", bound=Callable[..., None])


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


class DefaultCommandGroup(CommandGroup):
    """A group whose first word may be left out: `cite URL` is `cite add URL`."""

    default = "add"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name in front of words that name no command."""
        own_options = {"-h", "--help", "--version", "--install-completion", "--show-completion"}
        if args and args[0] not in self.commands and args[0] not in own_options:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


class App(typer.Typer):
    """A group of commands whose parameters may be groups of options."""

    def command(self, *names: Any, **settings: Any) -> Callable[[C], C]:
        """Return what makes a function a command; as Typer's own, with groups of options."""
        register = super().command(*names, **settings)

        def registered(function: C) -> C:
            register(expand_option_groups(function))
            return function

        return registered


def new_app(name: str, about: str, *, group: type[TyperGroup] = CommandGroup) -> typer.Typer:
    """Return an empty command group with the settings that all of ours share.

    Args:
        name: What it is called in help.
        about: One sentence.
        group: Class of the group.
    """
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
