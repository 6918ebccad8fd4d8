#!/usr/bin/env bash
# A tool's parameter that is given an alias (`Field(alias="page-size")`, for names that Python has not)
# is called by that alias: the inputSchema names it, and FastAPI's parameters work so. With mcp 2.3.0 every
# call of such a tool is an error without a reason: by the alias, by the name in the code, and without the
# argument where it has a default. An alias inside a model that is the parameter works.
# Seen on 2026-12-01 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mcp==2.3.0 pydantic==2.14.4
cat > "$folder/aliases.py" <<'EOF'
import asyncio
import logging
from typing import Annotated

logging.disable(logging.CRITICAL)
from mcp import Client
from mcp.server.mcpserver import MCPServer
from pydantic import BaseModel, Field

server = MCPServer("aliases")


@server.tool()
def listed(size: Annotated[int, Field(alias="page-size")] = 10) -> str:
    return f"size {size}"


@server.tool()
def required(size: Annotated[int, Field(alias="page-size")]) -> str:
    return f"size {size}"


class Page(BaseModel):
    size: int = Field(10, alias="page-size")


@server.tool()
def inside(page: Page) -> str:
    return f"size {page.size}"


async def main():
    async with Client(server) as client:
        for tool in (await client.list_tools()).tools:
            print(tool.name, "takes", *tool.input_schema["properties"])
        for tool, arguments in (
            ("listed", {}), ("listed", {"page-size": 5}), ("listed", {"size": 5}),
            ("required", {"page-size": 5}), ("required", {"size": 5}),
            ("inside", {"page": {"page-size": 5}}),
        ):
            answer = await client.call_tool(tool, arguments)
            print(tool, arguments, "->", "error" if answer.is_error else answer.content[0].text)


asyncio.run(main())
EOF
"$folder/venv/bin/python" "$folder/aliases.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
listed takes page-size
required takes page-size
inside takes page
listed {} -> error
listed {'page-size': 5} -> error
listed {'size': 5} -> error
required {'page-size': 5} -> error
required {'size': 5} -> error
inside {'page': {'page-size': 5}} -> size 5
EOF
cat "$folder/seen"
