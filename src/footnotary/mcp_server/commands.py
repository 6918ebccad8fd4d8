"""Commands as tools call them: words in, JSON or the command's own error out."""

import inspect
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, ToolAnnotations

from footnotary.mcp_server.processes import Processes

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
READS_THE_WEB = ToolAnnotations(read_only_hint=True, open_world_hint=True)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
WRITES_FROM_THE_WEB = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, open_world_hint=True
)
Kind = Literal["api", "schema", "deploy", "impl", "research"]
QUICK, LONG = 120.0, 3_600.0
"""Seconds that a call may take: one that reads files, and one that reads the web or the code."""

_READING = (
    *(("cite", "list"), ("cite", "show"), ("cite", "inspect"), ("search",)),
    *(("doc", "list"), ("note", "list"), ("note", "show")),
)
"""Commands that neither change records nor read the project's code: they share a process."""

_LONGEST_MESSAGE = 2_000
_COULD_NOT = 2  # exit codes from here on are no answer
_Tool = TypeVar("_Tool", bound=Callable[..., Awaitable[CallToolResult]])


class Commands:
    """The commands of one project.

    Args:
        processes: Run them.
        root: The project's folder.
    """

    def __init__(self, processes: Processes, root: str) -> None:
        self._processes = processes
        self._root = root

    async def run(
        self,
        *command: str,
        options: Sequence[str] = (),
        words: Sequence[str] = (),
        seconds: float = QUICK,
        context: Context[Any, Any] | None = None,
        hear: Callable[[str], None] | None = None,
    ) -> Any:
        """Run a command and return what it printed as JSON.

        Args:
            command: The command's name, such as `cite`, `add`.
            options: Options, each with its value in one word.
            words: Arguments; they are never taken for options.
            seconds: How long it may take.
            context: The request that is told of progress.
            hear: Is told what the command said besides its answer, if anything.

        Raises:
            ToolError: The command could not do it; the message is its own.
        """
        try:
            "".join((*options, *words)).encode()
        except UnicodeEncodeError:
            raise ToolError(
                "A text holds half of a surrogate pair: give whole characters."
            ) from None
        line = [*command, f"--root={self._root}", "--json", *options, "--", *words]
        report = context.report_progress if context else None
        ended = await self._processes.call(line, seconds, report, reads=command in _READING)
        if ended.code == -1:
            raise ToolError(
                f"{' '.join(command)} did not end within {seconds:.0f} seconds and was ended.\n"
                "hint: Ask for less, or run the command in a terminal."
            )
        if ended.code not in range(_COULD_NOT):
            raise ToolError(ended.err[:_LONGEST_MESSAGE] or "The call was ended.")
        if hear and ended.err:
            hear(ended.err[:_LONGEST_MESSAGE])
        try:
            return json.loads(ended.out) if ended.out else None
        except ValueError:
            raise ToolError("The answer is too long.\nhint: Ask for less.") from None


def make_options(name: str, *values: str | None) -> list[str]:
    """Return an option once for each value that is not empty."""
    return [f"--{name}={value}" for value in values if value]


def make_flag(name: str, given: bool) -> list[str]:  # noqa: FBT001  the flag's own value
    """Return a flag where it is given."""
    return [f"--{name}"] if given else []


def add_tool(made: MCPServer, annotations: ToolAnnotations) -> Callable[[_Tool], _Tool]:
    """Return what adds a function to a server, described by its docstring.

    Args:
        made: The server.
        annotations: What the tool may do.
    """

    def added(function: _Tool) -> _Tool:
        describing = inspect.getdoc(function)
        return made.tool(description=describing, annotations=annotations)(function)

    return added
