import subprocess
import sys

import pytest

from footnotary.cli.running import exit_code

HEAVY = ("httpx", "pydantic", "selectolax", "mkdocs", "griffe", "grimp", "sqlite3", "yaml")


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
