#!/usr/bin/env bash
# A tool's parameter `quote: str | None` is a string or null in its inputSchema, so one would guess that
# every string arrives as it was sent. mcp 2.3.0 parses strings that are JSON before it validates, unless
# the annotation is `str` itself: the string `{"a": 1}` is refused ("a valid string"), and the string
# `null` arrives as None, without an error. An argument that the tool does not have is dropped without a
# word, for the inputSchema does not forbid it. Seen on 2026-11-30 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mcp==2.3.0 pydantic==2.14.4
cat > "$folder/texts.py" <<'EOF'
import asyncio
import logging

logging.disable(logging.CRITICAL)
from mcp import Client
from mcp.server.mcpserver import MCPServer

server = MCPServer("texts")


@server.tool()
def plain(quote: str) -> str:
    return repr(quote)


@server.tool()
def optional(quote: str | None = None) -> str:
    return repr(quote)


async def main():
    async with Client(server) as client:
        for tool in (await client.list_tools()).tools:
            print(tool.name, "forbids other arguments:",
                  tool.input_schema.get("additionalProperties") is False)
        for words in ('{"a": 1}', "[1]", "null", "5"):
            for tool in ("plain", "optional"):
                answer = await client.call_tool(tool, {"quote": words})
                print(tool, words, "->", "refused" if answer.is_error else answer.content[0].text)
        answer = await client.call_tool("optional", {"qoute": "words"})
        print("optional, argument misspelt ->", answer.content[0].text)


asyncio.run(main())
EOF
"$folder/venv/bin/python" "$folder/texts.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
plain forbids other arguments: False
optional forbids other arguments: False
plain {"a": 1} -> '{"a": 1}'
optional {"a": 1} -> refused
plain [1] -> '[1]'
optional [1] -> refused
plain null -> 'null'
optional null -> None
plain 5 -> '5'
optional 5 -> '5'
optional, argument misspelt -> None
EOF
cat "$folder/seen"
