"""Findings about the site's configuration: what it makes the reader's browser ask."""

import re
from collections.abc import Iterator, Sequence

from footnotary.files import read_inside
from footnotary.findings import Finding
from footnotary.project import Project, repository_of
from footnotary.rules.basis import Place, Rule

MAX_BYTES = 1_000_000
_REMOTE = re.compile(r"^\s*-?\s*(?:path:\s*)?[\"']?((?:https?:)?//[^\s\"']+)")
_LISTS = ("extra_javascript", "extra_css")


def site_findings(project: Project, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield what the site's configuration loads from third parties.

    Args:
        project: The user's project.
        rules: The rules that run.
    """
    rule = next((each for each in rules if each.code == "SAF003"), None)
    path = project.root / "mkdocs.yml"
    if rule is None:
        return
    try:
        text = read_inside(path, repository_of(project.root), MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    within = ""
    for number, line in enumerate(text.splitlines(), 1):
        top = re.match(r"([a-z_]+):", line)
        within = top[1] if top else within
        found = _REMOTE.match(line)
        if found and within in _LISTS:
            yield rule.finding(
                "mkdocs.yml",
                Place(f"{within} loads {found[1].split('/')[2]} in the reader's browser.", number),
            )
    if re.search(r"^\s+name:\s*material\b", text, re.MULTILINE) and not re.search(
        r"^\s+font:\s*false\b", text, re.MULTILINE
    ):
        yield rule.finding(
            "mkdocs.yml",
            Place("the theme loads fonts from a third party.", 0, 0, "Set theme.font: false."),
        )
