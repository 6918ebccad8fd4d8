"""The documentation of a rule, made from the rule."""

from footnotary.findings import Severity
from footnotary.rules.basis import Rule
from footnotary.rules.registry import RULES

_WEIGHTS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note (does not fail the check)",
}


def render_rule_page(rule: Rule) -> str:
    """Return a rule's page in Markdown."""
    fix = "yes, with `doc check --fix`" if rule.fixable else "no"
    return f"""# {rule.code} {rule.name}

{rule.about}

{rule.why}

Severity: {_WEIGHTS[rule.severity]}. Fixed by the tool: {fix}.

Found:

{_sample(rule.wrong)}

Better:

{_sample(rule.right)}

To fix it: {_sentence(rule.fix)}

To accept it, with the reason, beside the sentence or above the block:

```markdown
<!-- footnotary:ignore {rule.code} why it is right here -->
```
"""


def index_page() -> str:
    """Return the page that lists all rules."""
    rows = "\n".join(
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity.value} |"
        f" {'yes' if rule.fixable else ''} | {rule.about} |"
        for rule in RULES
    )
    return f"""# Rules of the gate

`doc check --explain CODE` prints a rule's page. These pages are made from the rules by
`python -m footnotary.rules.pages docs/rules`.

| Code | Name | Severity | `--fix` | Finds |
| --- | --- | --- | --- | --- |
{rows}
"""


def _sample(words: str) -> str:
    """Return an example as a code block whose fence it cannot close."""
    return f"````text\n{words}\n````"


def _sentence(words: str) -> str:
    """Return words as a sentence."""
    return words if words.endswith(".") else f"{words}."


if __name__ == "__main__":
    import sys
    from pathlib import Path

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(index_page(), "utf-8")
    for each in RULES:
        (folder / f"{each.code}.md").write_text(render_rule_page(each), "utf-8")
