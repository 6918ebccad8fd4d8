#!/usr/bin/env bash
# What a tool returns is in the text of its answer as JSON, one would guess, beside the structured form
# that newer clients read. mcp 2.3.0 makes a block of text of each item of a list: an answer of one item is
# the same text as the item alone, a list of two texts cannot be told from two blocks, and an empty list
# has no block at all, as None has: a client that reads texts sees nothing, and no error. Only the
# structured form keeps them apart.
# Seen on 2026-12-01 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mcp==2.3.0 pydantic==2.14.4
cat > "$folder/lists.py" <<'EOF'
import asyncio
import logging

logging.disable(logging.CRITICAL)
from mcp import Client
from mcp.server.mcpserver import MCPServer

server = MCPServer("lists")


@server.tool()
def one() -> dict[str, int]:
    return {"a": 1}


@server.tool()
def list_of_one() -> list[dict[str, int]]:
    return [{"a": 1}]


@server.tool()
def two() -> list[str]:
    return ["a", "b"]


@server.tool()
def empty() -> list[str]:
    return []


@server.tool()
def nothing() -> None:
    return None


async def main():
    async with Client(server) as client:
        for tool in ("one", "list_of_one", "two", "empty", "nothing"):
            answer = await client.call_tool(tool, {})
            texts = [" ".join(block.text.split()) for block in answer.content]
            print(tool, "texts:", texts, "structured:", answer.structured_content)


asyncio.run(main())
EOF
"$folder/venv/bin/python" "$folder/lists.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
one texts: ['{ "a": 1 }'] structured: {'a': 1}
list_of_one texts: ['{ "a": 1 }'] structured: {'result': [{'a': 1}]}
two texts: ['a', 'b'] structured: {'result': ['a', 'b']}
empty texts: [] structured: {'result': []}
nothing texts: [] structured: {'result': None}
EOF
cat "$folder/seen"
