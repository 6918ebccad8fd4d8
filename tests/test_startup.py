import subprocess
import sys
from importlib.util import find_spec

import pytest

from footnotary.cli.running import WARM, build_command, exit_code

HEAVY = ("httpx", "pydantic", "selectolax", "mkdocs", "griffe", "grimp", "sqlite3", "yaml")


@pytest.mark.slow
@pytest.mark.parametrize("program", ["cite", "doc", "footnotary"])
def test_help_loads_nothing_heavy(program):
    """`--help` is instant: what a command needs is imported when it runs."""
    script = (
        "import sys\nfrom footnotary.cli.running import exit_code\n"
        f"code = exit_code({program!r}, ['--help'])\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'loaded: {loaded}' if loaded or code else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_the_package_itself_imports_nothing():
    """`import footnotary` costs nothing."""
    script = (
        "import sys; before = set(sys.modules); import footnotary;"
        "print(set(sys.modules) - before - {'footnotary'})"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


@pytest.mark.parametrize("program", ["cite", "doc", "footnotary"])
def test_help_lists_commands_with_their_whole_sentence(program, capsys, monkeypatch):
    """What a command does is not cut off in the middle, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "60")
    assert exit_code(program, ["--help"]) == 0
    commands = capsys.readouterr().out.partition("Commands:")[2]
    assert commands
    assert "..." not in commands


@pytest.mark.parametrize(
    "words",
    ["doc new", "doc diff", "doc check", "doc adopt", "doc facts", "cite add", "cite import"],
)
def test_the_line_of_usage_has_each_argument_once_in_capitals(words, capsys):
    """Brackets are the help's own: none is twice, and words to type are told from names."""
    program, command = words.split()
    assert exit_code(program, [command, "--help"]) == 0
    usage = capsys.readouterr().out.splitlines()[0]
    assert "[[" not in usage
    assert "…" not in usage
    arguments = usage.partition("[OPTIONS]")[2]
    assert arguments == arguments.upper()
    assert arguments.strip()


def test_the_surface_stays_small(capsys):
    """A reader of `--help` meets 12 options of a `doc` command at most, and 180 places in all."""
    shown = {}
    for program in ("cite", "doc", "footnotary"):
        for name in build_command(program).commands.keys() - {"cite", "doc", "site", "cache"}:
            command = f"{program} {name}"
            assert exit_code(program, [name, "--help"]) == 0
            options = capsys.readouterr().out.partition("\nOptions:\n")[2].splitlines()
            shown[command] = [line for line in options if line.startswith("  -")][:-1]
    assert max(len(options) for name, options in shown.items() if name.startswith("doc ")) <= 12
    assert sum(map(len, shown.values())) <= 180


def test_common_options_are_explained_once(capsys):
    """Each command names `--root`, and takes it; the program's help says what it is."""
    assert exit_code("cite", ["list", "--help"]) == 0
    assert "--root DIRECTORY, --verbose (see cite --help)" in " ".join(
        capsys.readouterr().out.split()
    )
    assert exit_code("cite", ["--help"]) == 0
    assert "The project's folder." in capsys.readouterr().out
    assert exit_code("cite", ["list", "--root", "missing"]) == 2
    assert "--root" in capsys.readouterr().err


def test_what_is_imported_ahead_is_there():
    """A module that was renamed would leave each call of an agent to start from nothing."""
    assert [name for name in WARM if find_spec(name) is None] == []
