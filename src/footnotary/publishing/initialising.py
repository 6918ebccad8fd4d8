"""`footnotary init`: what a project needs for its site, or its agents; nothing is overwritten."""

import contextlib
import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnotary import __version__, git
from footnotary.documents import prose
from footnotary.errors import FootnotaryError, SiteError, UsageError
from footnotary.files import TEMPORARY, read_regular, write_atomically
from footnotary.keeping import ATTRIBUTES, DRIVER
from footnotary.probe.applications import choose_application, declared_target
from footnotary.project import Project
from footnotary.publishing.configuration import (
    extended_configuration,
    find_configuration,
    new_configuration,
    read_template,
)
from footnotary.publishing.engine import ENGINES
from footnotary.publishing.markup import heading_words
from footnotary.publishing.pages import home_page, readme_text
from footnotary.writing.documents_on_disk import stored_documents

_DOCS = re.compile(r"^docs_dir(?::|\s*=)\s*[\"']?([^\"'\n#]+?)[\"']?\s*(?:#.*)?$", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
# Settings for tests first: they need nothing that is not there.
_ENVIRONMENT_FILES = (
    ".env.test", ".env.testing", ".env.ci", ".env.dev", ".env.development", ".env",
)  # fmt: skip
_MAX_BYTES = 5_000_000
_LONGEST = 300  # characters of a description
IGNORED = (".footnotary/", TEMPORARY, "/site/")
_CITATIONS = """\
# Citations

One file a citation: this URL held this quote on this day. `cite` writes them, `cite check`
reads the sources again. Commit them; do not edit them by hand.
"""


@dataclass(frozen=True)
class PlannedFile:
    """One file that is made or added to.

    Attributes:
        path: The file, relative to the project's root, with `/`.
        before: What it held; None where it did not exist.
        after: What it holds.
    """

    path: str
    before: str | None
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        old = self.before or ""
        return "".join(
            line if line.endswith("\n") else f"{line}\n"
            for line in difflib.unified_diff(
                old.splitlines(keepends=True),
                self.after.splitlines(keepends=True),
                "/dev/null" if self.before is None else f"a/{self.path}",
                f"b/{self.path}",
            )
        )


@dataclass(frozen=True)
class Plan:
    """What `initialise` changes.

    Attributes:
        changes: The files; empty where nothing is missing.
        notes: Sentences about what was left as it is.
    """

    changes: tuple[PlannedFile, ...]
    notes: tuple[str, ...] = ()


def initialise(
    project: Project,
    *,
    dry_run: bool = False,
    ci: str = "",
    agent: bool = False,
    engine: str = "",
) -> Plan:
    """Add what a project lacks for its site.

    Args:
        project: The project.
        dry_run: Write nothing.
        ci: `github` or `gitlab`: add a workflow that publishes; nothing if empty.
        agent: Add what a coding agent needs in the repository.
        engine: `zensical` writes a zensical.toml where no configuration is.

    Returns:
        What was (or would be) changed. A second run changes nothing.

    Raises:
        SiteError: mkdocs.yml is there and cannot be read.
        ProjectError: A file would lie outside of the project.
        FootnotaryError: A file cannot be written; none is then half-written.
    """
    notes: list[str] = []
    changes = tuple(_changes(project, ci, engine, notes))
    if agent:
        changes = (*changes, *plan_agent_files(project, notes))
    if not dry_run:
        for path, change in [(project.inside(change.path), change) for change in changes]:
            write_atomically(path, change.after.encode())
        if (project.root / ".git").exists() and git.set_merge_driver(project.root, *DRIVER):
            notes.append("git merges records by `footnotary merge-record` in this clone.")
    return Plan(changes, tuple(notes))


def propose_settings(project: Project) -> dict[str, str]:
    """Return what a reading of a project needs and its pyproject.toml does not say.

    Nothing is imported. The application is the one that `doc new api` chooses by itself; the
    environment file one that git tracks, so that every copy of the project has it.

    Returns:
        Values by the name of the setting: `app`, `env-file`. Empty without a pyproject.toml.
    """
    told = project.usual_reading
    found: dict[str, str] = {}
    if not (project.root / "pyproject.toml").is_file():
        return found
    if not told.app and not declared_target(project):
        with contextlib.suppress(FootnotaryError):
            chosen = choose_application(project).target
            found |= {} if chosen.is_aside else {"app": chosen.name}
    tracked = git.tracked(project.root) or ()
    files = [name for name in _ENVIRONMENT_FILES if name in tracked]
    if files and told.env_file is None:
        found["env-file"] = files[0]
    return found


def _changes(project: Project, ci: str, engine: str, notes: list[str]) -> Iterator[PlannedFile]:
    """Yield what is missing."""
    name, about = _identity(project)
    file = _configuration_file(project, engine, notes)
    before = read_file(project.root / file)
    after = _with_configuration(file, before or "", name, about)
    if after != before:
        yield PlannedFile(file, before, after)
    docs = _docs_folder(after)
    home = project.root / docs / "index.md"
    if not home.exists() and not home.with_name("README.md").exists():
        readme = project.root / "README.md"
        page = home_page(name, about, readme, project.root / docs, _repository(project))
        yield PlannedFile(f"{docs}/index.md", None, page)
    if not project.citations.exists():
        yield PlannedFile("citations/README.md", None, _CITATIONS)
    before = read_file(project.root / ".gitignore")
    after = _ignoring(before)
    if after != (before or ""):
        yield PlannedFile(".gitignore", before, after)
    if (project.root / ".git").exists():
        before = read_file(project.root / ".gitattributes")
        after = _with_lines(before, [one for one in ATTRIBUTES if one not in (before or "")])
        if after != (before or ""):
            yield PlannedFile(".gitattributes", before, after)
    if ci:
        path, content = workflow(ci)
        if (project.root / path).exists():
            notes.append(f"{path} is there already and was left as it is.")
        else:
            yield PlannedFile(path, None, content)
            notes += [
                f"{one.stem} does not have this workflow yet, so `doc check` fails, in CI too:"
                f" run `doc refresh {one.stem}` and commit both."
                for one in stored_documents(project)
                if one.kind_name == "deploy"
            ]


def _with_configuration(file: str, before: str, name: str, about: str) -> str:
    """Return a configuration with what is missing; a zensical.toml stays its author's."""
    if not before.strip():
        return new_configuration(name, about, file)
    return extended_configuration(before) if file == "mkdocs.yml" else before


def _configuration_file(project: Project, engine: str, notes: list[str]) -> str:
    """Return which configuration a project has or gets.

    Raises:
        UsageError: The engine is unknown.
    """
    if engine and engine not in ENGINES:
        raise UsageError(f"Unknown engine {engine!r}.", hint=f"Supported: {', '.join(ENGINES)}.")
    known = find_configuration(project.root, "mkdocs")
    if engine == "zensical" and known is not None:
        notes.append(
            f"Zensical reads {known.name}, which is kept. To build with it:"
            ' site-engine = "zensical" in [tool.footnotary].'
        )
    is_toml = known is None and (engine == "zensical" or find_configuration(project.root))
    return "zensical.toml" if is_toml and engine in ("", "zensical") else "mkdocs.yml"


def read_file(path: Path) -> str | None:
    """Return a file's text, None where there is none.

    Raises:
        SiteError: It is not UTF-8 or cannot be read.
    """
    try:
        return read_regular(path, _MAX_BYTES, follow=True).decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SiteError(
            f"{path.name} cannot be read: {why}.", hint="Correct or remove it and run again."
        ) from None


def _docs_folder(configuration: str) -> str:
    """Return the folder of pages that mkdocs.yml names, relative to the project."""
    found = _DOCS.search(configuration)
    folder = found[1].strip().strip("/") if found else "docs"
    return folder if folder and not folder.startswith((".", "!")) else "docs"


def _identity(project: Project) -> tuple[str, str]:
    """Return the project's name and description, as pyproject.toml or its README has them."""
    table = project.pyproject().get("project", {})
    table = table if isinstance(table, dict) else {}
    name = str(table.get("name") or project.root.name)
    about = " ".join(str(table.get("description") or "").split())
    return name, about or _first_sentence(project.root / "README.md")


def _repository(project: Project) -> str:
    """Return where the repository is, as pyproject.toml names it (PEP 753); empty if none."""
    table = project.pyproject().get("project", {})
    urls = table.get("urls", {}) if isinstance(table, dict) else {}
    named = urls.items() if isinstance(urls, dict) else ()
    known = {re.sub(r"[\W_]", "", label).lower(): str(url) for label, url in named}
    labels = ("repository", "source", "sourcecode", "github")
    found = next((known[one] for one in labels if one in known), "")
    return found if found.startswith("https://") else ""


def _first_sentence(readme: Path) -> str:
    """Return the first paragraph of plain words in a README; empty where there is none."""
    for markdown in prose.lead(readme_text(readme), lambda _: ""):
        plain = heading_words(_LINK.sub(r"\1", markdown))
        if plain[:1].isalnum():
            return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST].rpartition(' ')[0]} …"
    return ""


def _ignoring(before: str | None) -> str:
    """Return .gitignore with our folders in it."""
    known = {line.strip().strip("/") for line in (before or "").splitlines()}
    return _with_lines(before, [line for line in IGNORED if line.strip("/") not in known])


def _with_lines(before: str | None, missing: list[str]) -> str:
    """Return a file's text with lines behind it."""
    text = before or ""
    if not missing:
        return text
    joint = "" if not text or text.endswith("\n") else "\n"
    return text + joint + "".join(f"{line}\n" for line in missing)


def workflow(host: str) -> tuple[str, str]:
    """Return where a workflow goes and what it says.

    In GitHub's, actions are pinned by commit: a tag can be moved. The project's own code runs in
    `check` alone, which may write nothing; `report` and `publish` have rights and run nothing of
    the project. The default branch is the repository's, whatever it is called.

    Args:
        host: `github` or `gitlab`.

    Raises:
        UsageError: Another name.
    """
    places = {"github": ".github/workflows/docs.yml", "gitlab": ".gitlab-ci.yml"}
    if host not in places:
        raise UsageError(f"No workflow for {host!r}.", hint="Supported: github, gitlab.")
    return places[host], read_template(f"{host}.yml").replace("==VERSION", f"=={__version__}")


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
