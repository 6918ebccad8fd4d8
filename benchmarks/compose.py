"""Documenting a compose file: CPU of the whole command, beside libyaml reading it.

python benchmarks/compose.py [--size SERVICES]      (21 lines each)
"""

import sys
import tempfile
from pathlib import Path

from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

YAML = "import yaml; yaml.load(open('compose.yaml'), yaml.CSafeLoader)"
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


def main() -> None:
    """Measure files of three sizes."""
    words = make_parser(__doc__, 400).parse_args()
    sizes, ours = read_sizes(words), []
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "compose.yaml").write_text(make_text(count))
            Path(folder, "pyproject.toml").write_text('[project]\nname = "big"\n')
            ours.append(run_measured([*COMMAND, "doc", "new", "deploy", "-q"], Path(folder)).cpu)
            floor = run_measured([sys.executable, "-c", YAML], Path(folder)).cpu
    row = Row("doc new deploy", ours[-1], "s CPU", floor, "libyaml load", grown(sizes, ours))
    print_rows([row], as_json=words.json)


if __name__ == "__main__":
    main()
