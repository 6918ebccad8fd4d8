"""Options that several commands share, written once and taken as one value.

Typer reads a command's options from its signature. A command under `grouped` may have parameters
that are groups: dataclasses whose fields are options. Typer is shown the fields in their place;
the command is called with the group.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, get_type_hints

import typer

# every command has it, and none reads it: `running` looks for it before there is a command
_VERBOSE = inspect.Parameter(
    "verbose",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool, typer.Option("--verbose", help="Show details and tracebacks of what failed.")
    ],
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
