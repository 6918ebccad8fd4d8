"""The rules that the code itself must keep, run inside the one test command."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        pytest.param(("mypy",), marks=pytest.mark.slow),
        ("importlinter.cli_entry",),
    ],
    ids=["lint", "format", "types", "layers"],
)
def test_the_code_keeps_its_rules(words):
    """Lint, format, strict types and layer contracts hold over the whole tree."""
    command = (
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
        if words[0].startswith("importlinter")
        else [sys.executable, "-m", *words]
    )
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
