"""Docstring problems and Pydantic v1 remnants as sections of the IMPL document."""

from footnotary.counting import counted
from footnotary.documents.escape import code, prose
from footnotary.documents.tables import folded, table
from footnotary.documents.ways_of_reading import said_of_nothing
from footnotary.facts.impl import DocstringProblem, ImplFacts, Remnant

MAX_ROWS = 300


def docstrings(facts: ImplFacts) -> str:
    """Render docstrings that contradict their signature, then those that lack something."""
    wrong = [one for one in facts.docstrings if one.contradicts or one.needless]
    lacking = [one for one in facts.docstrings if one.missing]
    lines = ["## Docstrings", "Measured against the Google style."]
    if wrong:
        lines += ["### Contradict the signature", _problems(wrong)]
    else:
        lines.append(said_of_nothing("No docstring contradicts its signature.", facts.unparsed))
    if lacking:
        title = f"{counted(len(lacking), 'incomplete docstring')} of public functions and methods"
        lines.append(folded(title, _problems(lacking, missing=True)))
    return "\n\n".join(lines)


def _problems(found: list[DocstringProblem], *, missing: bool = False) -> str:
    """Render problems as rows."""
    rows = [
        (
            code(one.path),
            code(str(one.place)),
            prose("; ".join(one.missing if missing else (*one.contradicts, *_needless(one)))),
        )
        for one in found[:MAX_ROWS]
    ]
    body = table(("Function", "At", "Lacks" if missing else "Says"), rows)
    more = len(found) - MAX_ROWS
    return body + (f"\n\nAnd {more} more, in the facts beside this document." if more > 0 else "")


def _needless(one: DocstringProblem) -> tuple[str, ...]:
    """Say that a function takes no parameters at all."""
    return tuple(f"{words} (it takes none)" for words in one.needless)


def remnants(facts: ImplFacts) -> str:
    """Render Pydantic v1 forms with the v2 form to write, code and samples apart."""
    lines = ["## Pydantic v1 remnants"]
    in_code = [one for one in facts.remnants if not one.sample]
    in_samples = [one for one in facts.remnants if one.sample]
    if not facts.remnants:
        nothing = "None was found, in code or in Markdown samples."
        lines.append(said_of_nothing(nothing, facts.unparsed))
    if in_code:
        lines += ["### In code", _forms(in_code)]
    if in_samples:
        lines += ["### In Markdown samples", _forms(in_samples)]
    return "\n\n".join(lines)


def _forms(found: list[Remnant]) -> str:
    """Render forms as rows; the same form in one file is one row."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for one in found:
        groups.setdefault((one.place.path, one.form, one.write), []).append(one.place.line)
    rows = [
        (code(form), code(write), f"{code(path)} line {', '.join(map(str, lines[:10]))}")
        for (path, form, write), lines in list(groups.items())[:MAX_ROWS]
    ]
    return table(("v1 form", "Write", "At"), rows)
