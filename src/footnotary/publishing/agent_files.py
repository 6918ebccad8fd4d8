"""`footnotary init --agent`: what a coding agent needs in a repository, added, never replaced."""

import json
from collections.abc import Iterator
from typing import Any

from footnotary.project import Project
from footnotary.publishing.configuration import read_template
from footnotary.publishing.initialising import PlannedFile, read_file

_BEGIN, _END = "<!-- footnotary:agents:begin -->", "<!-- footnotary:agents:end -->"
_SETTINGS = ".claude/settings.json"
_EDITS = "Edit|MultiEdit|NotebookEdit|Write"
_CHECK = 'footnotary doc check --changed --quiet --root "$CLAUDE_PROJECT_DIR" >&2 || exit 2'
_SECONDS = 120


def plan_agent_files(project: Project, notes: list[str]) -> Iterator[PlannedFile]:
    """Yield the files that an agent in a repository needs and that are missing.

    A section in AGENTS.md, the definition of an agent, and a hook that runs the gate on what an
    edit has changed (Claude Code: a hook that exits with 2 shows the agent what it printed).

    Args:
        project: The project.
        notes: Gets sentences about what was left as it is.

    Raises:
        SiteError: A file that would be added to cannot be read.
    """
    yield from _section(project, notes)
    name = ".claude/agents/documentation-keeper.md"
    if read_file(project.root / name) is None:
        yield PlannedFile(name, None, read_template("agent.md"))
    yield from _hook(project, notes)


def _section(project: Project, notes: list[str]) -> Iterator[PlannedFile]:
    """Yield AGENTS.md with our section at its end."""
    before, section = read_file(project.root / "AGENTS.md"), read_template("agents-section.md")
    text = before or ""
    if _BEGIN not in text and _END not in text:
        joint = "\n" * (2 - min(2, len(text) - len(text.rstrip("\n")))) if text else ""
        yield PlannedFile("AGENTS.md", before, text + joint + section)
    elif section.strip() not in text:
        notes.append(
            "AGENTS.md has another section of footnotary, which was left as it is; remove it and"
            " run again for that of this version."
        )
    claude = read_file(project.root / "CLAUDE.md")
    if claude is not None and "AGENTS.md" not in claude:
        notes.append("CLAUDE.md does not name AGENTS.md: the line @AGENTS.md includes it.")


def _hook(project: Project, notes: list[str]) -> Iterator[PlannedFile]:
    """Yield the settings of Claude Code with our hook among its own."""
    before = read_file(project.root / _SETTINGS)
    if before is not None and "doc check --changed" in before:
        return
    added = _with_hook(before)
    if added is None:
        words = json.dumps({"matcher": _EDITS, "hooks": [_command()]})
        notes.append(
            f"{_SETTINGS} was left as it is: it is not JSON of a known layout."
            f" Add to hooks.PostToolUse: {words}"
        )
    else:
        yield PlannedFile(_SETTINGS, before, added)


def _with_hook(before: str | None) -> str | None:
    """Return settings with our hook; None where anything else would be written anew."""
    text = (before or "").strip() or "{}"
    try:
        settings = json.loads(text)
    except (ValueError, RecursionError):
        return None
    layouts: tuple[str | int, ...] = (2, 4, "\t", 3, 1)
    indent = next((one for one in layouts if _written(settings, one) == text), None)
    hooks = settings.setdefault("hooks", {}) if isinstance(settings, dict) else None
    after = hooks.setdefault("PostToolUse", []) if isinstance(hooks, dict) else None
    if indent is None or not isinstance(after, list):
        return None
    after.append({"matcher": _EDITS, "hooks": [_command()]})
    return _written(settings, indent) + "\n"


def _command() -> dict[str, Any]:
    """Return the hook's command as Claude Code's settings have it."""
    return {"type": "command", "command": _CHECK, "timeout": _SECONDS}


def _written(value: Any, indent: str | int) -> str:
    """Return a value as JSON of one layout."""
    return json.dumps(value, indent=indent, ensure_ascii=False)
