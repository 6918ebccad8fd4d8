"""How long commands take among many records: list, export, one key, saving, searching.

python benchmarks/records.py

Sources are lines of the project's own files, so that nothing is asked of the web. Beside them are
readings of the same records: by PyYAML's C parser, and as JSON lines.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gate import record
from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

from footnotary.models import Citation
from footnotary.record_files import dumped

SAVED = 10  # a tenth of the records is checked and saved
READ_YAML = """
import sys, yaml
from pathlib import Path
for path in sorted(Path('citations').glob('*.yaml')):
    yaml.load(path.read_bytes(), yaml.CSafeLoader)
"""
READ_JSON = """
import json
for line in open('records.jsonl'):
    json.loads(line)
"""


def lay_out(root: Path, count: int) -> list[str]:
    """Write a project with records, the first tenth of them of its own file; return their keys."""
    (root / "pyproject.toml").write_text('[project]\nname = "bench"\n')
    (root / "citations").mkdir()
    (root / ".footnotary").mkdir()
    lines = [
        f"limit_{number} = {number}  # connections of pool {number}" for number in range(count)
    ]
    (root / "limits.py").write_text("\n".join(lines) + "\n")
    own = []
    with (root / "records.jsonl").open("w", encoding="utf-8") as together:
        for each in records(lines, count):
            (root / "citations" / f"{each.key}.yaml").write_bytes(dumped(each))
            together.write(json.dumps(each.model_dump(mode="json", by_alias=True)) + "\n")
            own += [each.key] if each.tags else []
    return own


def records(lines: list[str], count: int) -> Iterator[Citation]:
    """Yield the records."""
    for number in range(count):
        each = record(number)
        if number * SAVED < count:
            place = f"limits.py:{number + 1}"
            quote = each.quote.model_copy(update={"exact": lines[number]})
            update = {"url": place, "final_url": place, "quote": quote, "tags": ("own",)}
            each = each.model_copy(update=update)
        yield each


def run_commands(root: Path, own: list[str]) -> dict[str, tuple[float, float]]:
    """Return CPU seconds and megabytes of each command."""
    cite = [*COMMAND, "cite"]
    commands = {
        "cite list, first": [*cite, "list"],
        "cite list": [*cite, "list"],
        "cite export": [*cite, "export"],
        "cite show KEY": [*cite, "show", own[0]],
        "cite check KEY": [*cite, "check", "--offline", own[0]],
        "cite check of a tenth": [*cite, "check", "--offline", *own],
        "cite check --save of a tenth": [*cite, "check", "--offline", "--save", *own],
        "footnotary search, first": [*COMMAND, "search", "pool connections"],
        "footnotary search": [*COMMAND, "search", "pool connections"],
        "YAML": [sys.executable, "-c", READ_YAML],
        "JSON lines": [sys.executable, "-c", READ_JSON],
    }
    found = {}
    for name, command in commands.items():
        used = run_measured(command, root, fails=True)
        found[name] = (used.cpu, used.peak)
    return found


def main() -> None:
    """Measure each size."""
    words = make_parser(__doc__, 10_000).parse_args()
    sizes, figures = read_sizes(words), []
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            figures.append(run_commands(Path(name), lay_out(Path(name), count)))
    rows = []
    yaml, lines = figures[-1].pop("YAML")[0], figures[-1].pop("JSON lines")[0]
    for name, (cpu, peak) in figures[-1].items():
        parses = name.endswith("first")
        beside, peer = (yaml, "PyYAML, C parser") if parses else (lines, "JSON lines")
        growth = grown(sizes, (one[name][0] for one in figures))
        rows.append(Row(f"{name}, {peak:.0f} MB", cpu, "s CPU", beside, peer, growth))
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()
