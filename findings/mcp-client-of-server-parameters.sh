#!/usr/bin/env bash
# `Client(StdioServerParameters(...))` starts a server and talks to it with mcp 2.3.0. With mcp 2.0.0,
# which a requirement `mcp>=2,<3` also allows, the object is made without a word and fails when it is
# entered. `Client(stdio_client(StdioServerParameters(...)))` works with both.
# Seen on 2026-11-30 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/server.py" <<'EOF'
from mcp.server import MCPServer

server = MCPServer("one")


@server.tool()
def double(number: int) -> int:
    return 2 * number


server.run()
EOF
cat > "$folder/client.py" <<'EOF'
import asyncio
import sys

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

parameters = StdioServerParameters(command=sys.executable, args=[sys.argv[1]])


async def ask(name, transport):
    try:
        async with Client(transport) as client:
            answer = await client.list_tools()
            print(name, [tool.name for tool in answer.tools])
    except TypeError as error:
        print(name, type(error).__name__)


async def main():
    await ask("parameters:", parameters)
    await ask("stdio_client:", stdio_client(parameters))


asyncio.run(main())
EOF
for version in 2.0.0 2.3.0; do
    "$folder/venv/bin/pip" install -qq --disable-pip-version-check "mcp==$version"
    "$folder/venv/bin/python" "$folder/client.py" "$folder/server.py" 2>/dev/null | sed "s/^/mcp $version, /"
done > "$folder/seen"
diff - "$folder/seen" <<'EOF'
mcp 2.0.0, parameters: TypeError
mcp 2.0.0, stdio_client: ['double']
mcp 2.3.0, parameters: ['double']
mcp 2.3.0, stdio_client: ['double']
EOF
cat "$folder/seen"
