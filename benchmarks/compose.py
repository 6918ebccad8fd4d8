"""CPU milliseconds of reading a compose file of 1,200 lines.

    python benchmarks/compose.py [SERVICES]

Beside it is what libyaml takes for the tree alone. The reader before `footnotary.compose`, over
compose-lint 0.36, took 131 ms for the loaded stack and 185 ms for the facts on the same machine,
where this one took 5.7 and 18.2 ms.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from footnotary.compose.loading import load_stack
from footnotary.readers.stacks import read_stack
from footnotary.source.tree import Tree

ROUNDS = 15
SERVICE = """\
  service{n}:
    <<: *base
    image: registry.example.com/app/service{n}:${{TAG:-1.{n}}}
    environment:
      A{n}: '1'
      DATABASE_URL: postgresql://app:${{DB_PASSWORD:?set it}}@service0:5432/app{n}
      LEVEL: ${{LEVEL:-info}}
      PASSED:
    ports:
      - '127.0.0.1:{port}:80'
      - target: 90
        published: '{other}'
    volumes:
      - data{n}:/data
      - ./conf/{n}:/etc/app:ro
    depends_on:
      service{before}:
        condition: service_started
    healthcheck:
      test: [CMD, curl, -f, http://localhost]
"""


def make_text(count: int) -> str:
    """Return a compose file of some services, 21 lines each."""
    lines = ["x-base: &base", "  restart: unless-stopped", "services:", ""]
    services = "".join(
        SERVICE.format(n=n, port=8000 + n, other=9000 + n, before=n - 1 if n else 1)
        for n in range(count)
    )
    volumes = "".join(f"  data{n}:\n" for n in range(count))
    return "\n".join(lines) + services + "volumes:\n" + volumes


def measure(what: str, work: Callable[[], object]) -> None:
    """Print the least CPU time of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    print(f"{what:<28} {min(times) * 1000:6.1f} ms")


def main() -> None:
    """Measure the tree, the merged stack, and its facts."""
    text = make_text(int(sys.argv[1]) if len(sys.argv) > 1 else 57)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "compose.yaml").write_text(text)
        tree = Tree(Path(folder))
        print(f"{text.count(chr(10))} lines")
        measure("YAML tree", lambda: yaml.compose(text, Loader=loader))
        measure("loaded stack", lambda: load_stack(tree, ("compose.yaml",)))
        measure("facts of the stack", lambda: read_stack(tree, ("compose.yaml",), default=True))


if __name__ == "__main__":
    main()
