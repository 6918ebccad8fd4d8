#!/usr/bin/env bash
# A prompt whose parameter is `days: int` tells its callers so, and names what is wrong with an argument,
# as a tool does. With mcp 2.3.0 the list of prompts has names and whether they are required, nothing of
# the types; a text that is no number, and an argument that the prompt does not have, are both "Internal
# server error" without the argument's name. A tool of the same signature drops the unknown argument
# and says which one is wrong.
# Seen on 2026-12-01 with Pydantic 2.14.4 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check mcp==2.3.0 pydantic==2.14.4
cat > "$folder/prompts.py" <<'EOF'
import asyncio
import logging

logging.disable(logging.CRITICAL)
from mcp import Client, MCPError
from mcp.server.mcpserver import MCPServer

server = MCPServer("prompts")


@server.prompt(name="report")
def prompt(days: int, long: bool = False) -> str:
    return f"{days!r} {long!r}"


@server.tool(name="report")
def tool(days: int, long: bool = False) -> str:
    return f"{days!r} {long!r}"


async def main():
    async with Client(server) as client:
        (told,) = (await client.list_prompts()).prompts
        print([one.model_dump(exclude_none=True) for one in told.arguments])
        for arguments in ({"days": "7", "long": "true"}, {"days": "week"}, {"days": "7", "lang": "en"}):
            try:
                answer = await client.get_prompt("report", arguments)
                print("prompt", arguments, "->", answer.messages[0].content.text)
            except MCPError as error:
                print("prompt", arguments, "->", error, "(names it)" if "days" in str(error) else "")
            answer = await client.call_tool("report", arguments)
            words = answer.content[0].text
            print("tool", arguments, "->", ("error, names it" if "days" in words else "error") if answer.is_error else words)


asyncio.run(main())
EOF
"$folder/venv/bin/python" "$folder/prompts.py" > "$folder/seen"
diff - "$folder/seen" <<'EOF'
[{'name': 'days', 'required': True}, {'name': 'long', 'required': False}]
prompt {'days': '7', 'long': 'true'} -> 7 True
tool {'days': '7', 'long': 'true'} -> 7 True
prompt {'days': 'week'} -> Internal server error 
tool {'days': 'week'} -> error, names it
prompt {'days': '7', 'lang': 'en'} -> Internal server error 
tool {'days': '7', 'lang': 'en'} -> 7 False
EOF
cat "$folder/seen"
