"""How long a command takes to start that reads settings, beside the help of a bare Typer program.

python benchmarks/start.py
"""

import sys
import tempfile
from pathlib import Path

from rows import COMMAND, Row, make_parser, print_rows, run_measured

RUNS = 5
TYPER = """
import typer
app = typer.Typer(rich_markup_mode=None)
app.command('one')(lambda: None)
app.command('two')(lambda: None)
app(['--help'])
"""


def main() -> None:
    """Measure the least of some runs, in turns."""
    words = make_parser(__doc__, 1).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pyproject.toml").write_text('[project]\nname = "bench"\n')
        commands = {
            "cite list": [*COMMAND, "cite", "list"],
            "cite --help": [*COMMAND, "cite", "--help"],
            "typer": [sys.executable, "-c", TYPER],
        }
        least = {
            name: min(run_measured(command, root, fails=True).cpu for _ in range(RUNS))
            for name, command in commands.items()
        }
    floor = least.pop("typer")
    rows = (Row(name, cpu, "s CPU", floor, "bare Typer help") for name, cpu in least.items())
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
