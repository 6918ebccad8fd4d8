"""How command groups are made: one look for all, and a group with a default command."""

from typing import Any

import typer
from typer.core import TyperGroup


class DefaultCommandGroup(TyperGroup):
    """A group whose first word may be left out: `cite URL` is `cite add URL`."""

    default = "add"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command's name in front of words that name no command."""
        own_options = {"-h", "--help", "--install-completion", "--show-completion"}
        if args and args[0] not in self.commands and args[0] not in own_options:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


def new_app(name: str, about: str, *, group: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """Return an empty command group with the settings that all of ours share.

    Args:
        name: What it is called in help.
        about: One sentence.
        group: Class of the group.
    """
    return typer.Typer(
        name=name,
        help=about,
        cls=group,
        no_args_is_help=True,
        rich_markup_mode=None,  # halves the start-up; help is plain text everywhere
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
