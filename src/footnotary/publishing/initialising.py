"""`footnotary init`: what a project needs for its site, added and never overwritten."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary import __version__, git
from footnotary.documents import prose
from footnotary.errors import SiteError, UsageError
from footnotary.files import TEMPORARY, read_regular, write_atomically
from footnotary.merging import ATTRIBUTES, DRIVER
from footnotary.project import Project
from footnotary.publishing.configuration import extended_configuration, new_configuration
from footnotary.publishing.home import home_page, readme_text
from footnotary.publishing.markup import heading_words

_DOCS = re.compile(r"^docs_dir:\s*[\"']?([^\"'\n#]+?)[\"']?\s*(?:#.*)?$", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
MAX_BYTES = 5_000_000
LONGEST = 300  # characters of a description
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


def initialise(project: Project, *, dry_run: bool = False, ci: str = "") -> Plan:
    """Add what a project lacks for its site.

    Args:
        project: The project.
        dry_run: Write nothing.
        ci: `github` or `gitlab`: add a workflow that publishes; nothing if empty.

    Returns:
        What was (or would be) changed. A second run changes nothing.

    Raises:
        SiteError: mkdocs.yml is there and cannot be read.
        ProjectError: A file would lie outside of the project.
        FootnotaryError: A file cannot be written; none is then half-written.
    """
    notes: list[str] = []
    changes = tuple(_changes(project, ci, notes))
    if not dry_run:
        for path, change in [(project.inside(change.path), change) for change in changes]:
            write_atomically(path, change.after.encode())
        if (project.root / ".git").exists() and git.set_merge_driver(project.root, *DRIVER):
            notes.append("git merges records by `footnotary merge-record` in this clone.")
    return Plan(changes, tuple(notes))


def _changes(project: Project, ci: str, notes: list[str]) -> Iterator[PlannedFile]:
    """Yield what is missing."""
    before = _text(project.root / "mkdocs.yml")
    name, about = _identity(project)
    after = (
        new_configuration(name, about)
        if not (before or "").strip()
        else extended_configuration(before or "")
    )
    if after != before:
        yield PlannedFile("mkdocs.yml", before, after)
    docs = _docs_folder(after)
    home = project.root / docs / "index.md"
    if not home.exists() and not home.with_name("README.md").exists():
        readme = project.root / "README.md"
        page = home_page(name, about, readme, project.root / docs)
        yield PlannedFile(f"{docs}/index.md", None, page)
    if not project.citations.exists():
        yield PlannedFile("citations/README.md", None, _CITATIONS)
    before = _text(project.root / ".gitignore")
    after = _ignoring(before)
    if after != (before or ""):
        yield PlannedFile(".gitignore", before, after)
    if (project.root / ".git").exists():
        before = _text(project.root / ".gitattributes")
        after = _with_lines(before, [one for one in ATTRIBUTES if one not in (before or "")])
        if after != (before or ""):
            yield PlannedFile(".gitattributes", before, after)
    if ci:
        path, content = workflow(ci)
        if (project.root / path).exists():
            notes.append(f"{path} is there already and was left as it is.")
        else:
            yield PlannedFile(path, None, content)


def _text(path: Path) -> str | None:
    """Return a file's text, None where there is none.

    Raises:
        SiteError: It cannot be read as text.
    """
    try:
        return read_regular(path, MAX_BYTES, follow=True).decode()
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


def _first_sentence(readme: Path) -> str:
    """Return the first paragraph of plain words in a README; empty where there is none."""
    for markdown in prose.lead(readme_text(readme), lambda _: ""):
        plain = heading_words(_LINK.sub(r"\1", markdown))
        if plain[:1].isalnum():
            return plain if len(plain) <= LONGEST else f"{plain[:LONGEST].rpartition(' ')[0]} …"
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


# Actions are pinned by commit: a tag can be moved. The project's own code runs in `check` alone,
# which may write nothing; `report` and `publish` have rights and run nothing of the project. The
# default branch is the repository's, whatever it is called.
_GITHUB = """\
name: docs

on:
  push:
  pull_request:
  workflow_dispatch:

permissions: {}

concurrency:
  group: docs-${{ github.ref }}
  cancel-in-progress: true

jobs:
  check:
    if: >-
      github.event_name != 'push' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
      - name: Install footnotary
        run: pip install --quiet footnotary==VERSION
      - name: Install the project
        run: footnotary install-project
      - name: Check
        run: >-
          doc check --format github --report sarif=reports/footnotary.sarif
          --report markdown=reports/footnotary.md
      - name: Keep the reports
        if: always()
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: footnotary
          path: reports
          if-no-files-found: ignore
      - name: Build the site
        run: footnotary site build --strict
      - uses: actions/upload-pages-artifact@56afc609e74202658d3ffba0e8f6dda462b719fa # v3.0.1
        if: github.event_name != 'pull_request'
        with:
          path: site

  report:
    if: >-
      !cancelled() && (github.event_name != 'pull_request'
      || github.event.pull_request.head.repo.full_name == github.repository)
    needs: check
    runs-on: ubuntu-24.04
    permissions:
      pull-requests: write
      security-events: write
    steps:
      - id: reports
        uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0
        continue-on-error: true
        with:
          name: footnotary
      - name: Show the findings in code scanning
        if: steps.reports.outcome == 'success'
        uses: github/codeql-action/upload-sarif@ff0a06e83cb2de871e5a09832bc6a81e7276941f # v3.28.18
        continue-on-error: true # a private repository may have no code scanning
        with:
          sarif_file: footnotary.sarif
          category: footnotary
      - name: Comment on the pull request
        if: steps.reports.outcome == 'success' && github.event_name == 'pull_request'
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ github.event.pull_request.number }}
          REPOSITORY: ${{ github.repository }}
        run: >-
          gh pr comment "$NUMBER" --repo "$REPOSITORY" --edit-last --create-if-none
          --body-file footnotary.md

  publish:
    if: >-
      github.event_name != 'pull_request'
      && github.ref_name == github.event.repository.default_branch
    needs: check
    runs-on: ubuntu-24.04
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5
"""
_GITLAB = """\
footnotary:
  image: python:3.13-slim
  stage: test
  variables:
    FOOTNOTARY_VERSION: "==VERSION"
    FOOTNOTARY_EXTRAS: ""  # such as --extra=postgres
    FOOTNOTARY_ARGUMENTS: ""
  script:
    - pip install --quiet "footnotary$FOOTNOTARY_VERSION"
    - footnotary install-project $FOOTNOTARY_EXTRAS
    - >-
      doc check --report gitlab=gl-code-quality-report.json --report junit=footnotary.xml
      $FOOTNOTARY_ARGUMENTS
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: footnotary.xml

pages:
  image: python:3.13-slim
  stage: deploy
  script:
    - pip install --quiet footnotary==VERSION
    - footnotary site build --strict --site-dir public
  artifacts:
    paths: [public]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""


def workflow(host: str) -> tuple[str, str]:
    """Return where a workflow goes and what it says.

    Args:
        host: `github` or `gitlab`.

    Raises:
        UsageError: Another name.
    """
    known = {
        "github": (".github/workflows/docs.yml", _GITHUB),
        "gitlab": (".gitlab-ci.yml", _GITLAB),
    }
    if host not in known:
        raise UsageError(f"No workflow for {host!r}.", hint="Supported: github, gitlab.")
    path, text = known[host]
    return path, text.replace("==VERSION", f"=={__version__}")
