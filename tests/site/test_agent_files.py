"""`init --agent` adds what an agent needs and replaces nothing; the skill is valid."""

import json
import subprocess
from importlib.resources import files

import pytest

from footnotary.project import Project
from footnotary.publishing.initialising import initialise
from tables import each_row

OURS = ["AGENTS.md", ".claude/agents/documentation-keeper.md", ".claude/settings.json"]


def planned(root):
    """Return the files of agents that a run writes, and its notes."""
    plan = initialise(Project(root), agent=True)
    return [one.path for one in plan.changes if one.path in OURS], " ".join(plan.notes)


def test_an_agents_files_are_added_once(tmp_path):
    """A new project gets all three; the second run changes nothing, also after edits."""
    assert planned(tmp_path) == (OURS, "")
    assert planned(tmp_path) == ([], "")
    (tmp_path / OURS[1]).write_text("my own\n")
    section = (tmp_path / "AGENTS.md").read_text()
    (tmp_path / "AGENTS.md").write_text(section.replace("Cite before you claim", "Cite"))
    found, notes = planned(tmp_path)
    assert (found, "AGENTS.md has another section" in notes) == ([], True)
    assert (tmp_path / OURS[1]).read_text() == "my own\n"


@each_row(
    ("before", "added"),
    [
        ("", True),
        ("{}", True),
        ('{\n    "model": "é",\n    "hooks": {\n        "Stop": []\n    }\n}\n', True),
        ('{\n\t"hooks": {\n\t\t"PostToolUse": [\n\t\t\t{}\n\t\t]\n\t}\n}', True),
        ('{"model": "x", "hooks": {}}\n', False),
        ("{ // a comment\n}\n", False),
        ('{\n  "hooks": []\n}\n', False),
        ("[]\n", False),
        ("[" * 100_000, False),
    ],
)
def test_settings_are_added_to_or_left_alone(tmp_path, before, added):
    """All that was there stays; what would be laid out anew is left, and a note says so."""
    path = tmp_path / ".claude" / "settings.json"
    path.parent.mkdir()
    path.write_text(before)
    notes = planned(tmp_path)[1]
    after = path.read_text()
    assert ("Add to hooks.PostToolUse" in notes) is not added
    if not added:
        assert after == before
        return
    hook = json.loads(after)["hooks"]["PostToolUse"].pop()
    assert "doc check --changed" in hook["hooks"][0]["command"]
    kept = [line for line in before.splitlines() if line.strip("{}[], \t")]
    assert [line for line in kept if line.strip('":{[]}') not in after] == []
    assert planned(tmp_path) == ([], "")


def test_an_authors_agents_file_keeps_its_words(tmp_path):
    """The section comes behind them; CLAUDE.md, which may not include it, is named."""
    (tmp_path / "AGENTS.md").write_text("# Mine\n\nWords")
    (tmp_path / "CLAUDE.md").write_text("Other words\n")
    assert "@AGENTS.md" in planned(tmp_path)[1]
    text = (tmp_path / "AGENTS.md").read_text()
    assert text.startswith("# Mine\n\nWords\n\n<!-- footnotary:agents:begin -->\n")
    assert (tmp_path / "CLAUDE.md").read_text() == "Other words\n"


def test_the_hook_shows_an_agent_what_the_gate_finds(tmp_path):
    """As a shell runs it: findings on stderr and exit code 2, which a hook's caller reads."""
    initialise(Project(tmp_path), agent=True)
    hook = json.loads((tmp_path / OURS[2]).read_text())["hooks"]["PostToolUse"][0]["hooks"][0]
    program = tmp_path / "footnotary"
    program.write_text('#!/bin/sh\necho "$@"\n[ "$5" = --root ] && [ "$6" = "$PWD" ]\n')
    program.chmod(0o755)
    for folder, code in ((tmp_path, 0), (tmp_path / "docs", 2)):
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CLAUDE_PROJECT_DIR": str(tmp_path)}
        words = ["sh", "-c", hook["command"]]
        done = subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (code, "")
        assert "check --changed --quiet" in done.stderr


def test_the_skill_passes_the_reference_checker():
    """The skill that the wheel ships is one by the rules of agentskills.io."""
    validate = pytest.importorskip("skills_ref").validate
    from pathlib import Path

    skill = Path(str(files("footnotary"))) / ".agents" / "skills" / "footnotary"
    assert validate(skill) == []
