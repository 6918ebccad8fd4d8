"""`footnotary mcp`: the tools of a coding agent."""

from footnotary.cli.options import Where


def mcp(*, where: Where) -> None:
    """Serve the commands as tools to a coding agent, over stdin and stdout (MCP).

    Needs the extra: pip install 'footnotary[mcp]'.

    Example: claude mcp add footnotary -- footnotary mcp
    """
    from importlib.util import find_spec

    from footnotary.errors import FootnotaryError

    project, _ = where.project_and_settings()
    if find_spec("mcp") is None:
        raise FootnotaryError(
            "The server for agents needs an extra.", hint="pip install 'footnotary[mcp]'."
        )
    from footnotary.mcp_server import server

    server(project.root).run("stdio")
