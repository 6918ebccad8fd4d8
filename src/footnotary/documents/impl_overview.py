"""What the project is, its dependencies, modules, docstrings and state, for the IMPL document."""

from footnotary.counting import counted, first_few
from footnotary.documents.escape import code, escape_text, list_codes, prose
from footnotary.documents.tables import render_folded, write_table
from footnotary.documents.what_changed import said_of_nothing
from footnotary.facts.impl import (
    Dependency,
    DocstringProblem,
    ImplFacts,
    Module,
    ProjectIdentity,
    Remnant,
)

# The standard this document is written to: tests of the critical paths for a first
# version, of most of the code for a mature one.
MVP_COVERAGE = 60.0
MATURE_COVERAGE = 80.0
MAX_OPEN_ROWS = 60
_MAX_ROWS = 300


def render_impl_overview(facts: ImplFacts) -> str:
    """Render what the project says it is, its counts and its entry points."""
    who = facts.identity
    lines = ["## What it is"]
    lines += [prose(words) for words in _about(who)]
    rows = [
        ("Package", f"{code(who.package)} in {code(who.package_path)}"),
        ("Version", escape_text(who.version)),
        ("Python", code(who.requires_python)),
        ("Licence", escape_text(who.licence)),
    ]
    lines.append(write_table(("Property", "Value"), [row for row in rows if row[1]]))
    count = facts.summary
    parts = (
        counted(count.get("modules", 0), "module"),
        counted(count.get("classes", 0), "class", "classes"),
        counted(count.get("functions", 0), "function"),
        counted(count.get("methods", 0), "method"),
    )
    documented = count.get("with_docstring", 0)
    sentence = f"{', '.join(parts)}; {documented} functions and methods have a docstring."
    if conditional := count.get("conditional", 0):
        noun = counted(conditional, "definition")
        sentence += f" {noun} under a condition {'is' if conditional == 1 else 'are'} not counted."
    lines.append(sentence)
    lines += _packages(facts)
    if facts.caveats:
        lines.append("\n".join(f"- {prose(caveat)}" for caveat in facts.caveats))
    if facts.unparsed:
        lines.append("These modules could not be parsed, and are missing below:")
        lines.append("\n".join(f"- {code(one)}" for one in facts.unparsed))
    lines.append(_render_entry_points(facts))
    return "\n\n".join(line for line in lines if line)


def _packages(facts: ImplFacts) -> list[str]:
    """Render the packages where there are several, what they import of each other, and the rest."""
    rows = [
        (
            code(one.name) if one.name else "no package",
            code(one.path),
            code(one.project),
            str(one.modules),
        )
        for one in facts.packages
    ]
    lines = (
        ["### Packages", write_table(("Package", "Folder", "Project", "Modules"), rows)]
        if rows
        else []
    )
    if facts.between:
        pairs = [(code(o.importer), code(o.imported), str(o.count)) for o in facts.between]
        lines.append(write_table(("Importer", "Imports", "Modules that do"), pairs))
    if facts.outside:
        parts = (f"{code(name)} ({count})" for name, count in facts.outside.items())
        lines.append(f"Python files outside of the packages, not described: {', '.join(parts)}.")
    return lines


def _about(who: ProjectIdentity) -> list[str]:
    """Return what the project says of itself, without a sentence that the next one repeats."""
    said = who.description.rstrip(". ").casefold()
    if said and who.readme.casefold().startswith(said):
        return [who.readme]
    return [words for words in (who.description, who.readme) if words]


def _render_entry_points(facts: ImplFacts) -> str:
    """Render the ways in."""
    if not facts.entry_points:
        if facts.unread or facts.unparsed:
            return "No entry point was found in the files that could be read."
        return "No entry point was found in its project files or modules."
    rows = [
        (escape_text(one.kind), code(one.name), code(one.target), code(str(one.place)))
        for one in facts.entry_points
    ]
    return "### Ways in\n\n" + write_table(("Kind", "Name", "Starts", "Declared at"), rows)


_STATUSES = {
    "elsewhere": "imported outside of the packages",
    "named": "named in a command or setting",
    "optional": "imported where it is there",
    "plugin": "not imported: a driver, server or tool",
    "through": "brought by",
    "typing": "for type checkers only",
}
_DECLARING = "Seen, but not read, so that nothing is called undeclared:"


def dependencies(facts: ImplFacts) -> str:
    """Render run-time dependencies with what uses them; groups folded; then other projects'."""
    lines = ["## Dependencies"]
    if facts.unread:
        lines += [_DECLARING, "\n".join(f"- {code(one)}" for one in facts.unread)]
    own = [one for one in facts.dependencies if not one.project]
    if own:
        lines += _dependencies(own)
    elif facts.unread:
        lines.append("What could be read declares no dependencies.")
    else:
        who = code(facts.identity.name) if facts.packages else "The project"
        lines.append(f"{who} declares no dependencies.")
    others = dict.fromkeys(one.project for one in facts.dependencies if one.project)
    for project in others:
        lines.append(f"### Dependencies of {code(project)}")
        lines += _dependencies([one for one in facts.dependencies if one.project == project])
    if facts.doubts:
        lines.append("Why it is unknown of some whether they are used or declared:")
        lines.append("\n".join(f"- {prose(one)}" for one in facts.doubts))
    return "\n\n".join(lines)


def _dependencies(found: list[Dependency]) -> list[str]:
    """Render the dependencies of one project."""
    run_time = [one for one in found if not one.group]
    groups = [one for one in found if one.group]
    lines = []
    for status, words in (
        ("undeclared", "Imported, but not declared"),
        ("unused", "Declared, but imported by no module, and named in no command that was read"),
    ):
        names = [one.name for one in run_time if one.status == status]
        if names:
            lines.append(f"{words}: {list_codes(names)}.")
    if run_time:
        lines.append(_dependency_table(run_time))
    if groups:
        title = f"{counted(len(groups), 'dependency', 'dependencies')} of extras and groups"
        lines.append(render_folded(title, _dependency_table(groups)))
    return lines


def _dependency_table(found: list[Dependency]) -> str:
    """Render dependencies as rows."""
    rows = []
    for one in found:
        status = escape_text(_STATUSES.get(one.status, one.status))
        rows.append(
            (
                code(one.name),
                escape_text(one.group),
                code(one.specifier),
                code(one.installed),
                f"{status} {code(one.why)}" if one.why else status,
                first_few(list(map(code, one.used_by)), 3),
                code(one.declared_in),
            )
        )
    headers = ("Distribution", "Group", "Declared", "Installed", "Status", "Used by", "Declared in")
    return write_table(headers, rows)


def modules(facts: ImplFacts) -> str:
    """Render the modules with purpose, public names, size, docstrings and tests."""
    lines = ["## Modules"]
    tested = [one.coverage for one in facts.modules if one.coverage is not None]
    if tested:
        below = [one for one in facts.modules if (one.coverage or 0) < MVP_COVERAGE]
        weak = [code(one.name) for one in below if one.coverage is not None]
        lines.append(
            f"Test coverage is measured against {MVP_COVERAGE:.0f} % for a first version and"
            f" {MATURE_COVERAGE:.0f} % for a mature one. Below the first:"
            f" {first_few(weak, 20) or 'none'}."
        )
    public = [one for one in facts.modules if one.public]
    private = [one for one in facts.modules if not one.public]
    body = _module_table(public)
    lines.append(
        render_folded(counted(len(public), "public module"), body)
        if len(public) > MAX_OPEN_ROWS
        else body
    )
    if private:
        lines.append(render_folded(counted(len(private), "private module"), _module_table(private)))
    return "\n\n".join(line for line in lines if line)


def _module_table(found: list[Module]) -> str:
    """Render modules as rows."""
    return write_table(
        ("Module", "Purpose", "Lines", "Documented", "Tested", "Public names"),
        [
            (
                code(one.name),
                prose(one.purpose),
                str(one.lines),
                f"{one.documented} of {one.definitions}" if one.definitions else "",
                _render_coverage(one.coverage),
                _names(one),
            )
            for one in found
        ],
    )


def _names(module: Module) -> str:
    """Render the first public names of a module."""
    shown = first_few(list(map(code, module.api)), 6)
    return f"{shown}{' and ' if shown else ''}computed ones" if module.computed else shown


def _render_coverage(value: float | None) -> str:
    """Render a coverage with the standard that it meets."""
    if value is None:
        return ""
    mark = "below 60" if value < MVP_COVERAGE else ("" if value >= MATURE_COVERAGE else "below 80")
    return f"{value:.0f} %" + (f" ({mark})" if mark else "")


def hand_off(facts: ImplFacts) -> str:
    """Render the state of the repository and what the next commit could be called."""
    state = facts.pending
    lines = ["## Hand-off"]
    if not state.branch and not state.commit:
        lines.append("The project is in no git repository that could be read.")
        return "\n\n".join(lines)
    where = f"Branch {code(state.branch)}" if state.branch else "Detached head"
    last = (
        f"last commit {code(state.commit)} of {escape_text(state.commit_date)}:"
        f" {prose(state.subject)}"
        if state.commit
        else "no commit yet"
    )
    lines.append(f"{where}, {last}.")
    if not state.changes:
        lines.append("Nothing is pending.")
    else:
        lines.append(f"{counted(len(state.changes), 'pending change')}:")
        lines.append("\n".join(f"- {_change(change)}" for change in state.changes))
        lines.append(f"A first line for the next commit, to edit: {code(state.suggestion)}")
    return "\n\n".join(lines)


def _change(change: str) -> str:
    """Render `status path`."""
    status, _, path = change.partition(" ")
    return f"{escape_text(status)} {code(path)}"


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
        lines.append(render_folded(title, _problems(lacking, missing=True)))
    return "\n\n".join(lines)


def _problems(found: list[DocstringProblem], *, missing: bool = False) -> str:
    """Render problems as rows."""
    rows = [
        (
            code(one.path),
            code(str(one.place)),
            prose("; ".join(one.missing if missing else (*one.contradicts, *_needless(one)))),
        )
        for one in found[:_MAX_ROWS]
    ]
    body = write_table(("Function", "At", "Lacks" if missing else "Says"), rows)
    more = len(found) - _MAX_ROWS
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
        nothing = "None was found in its modules, or in Markdown samples that could be parsed."
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
        for (path, form, write), lines in list(groups.items())[:_MAX_ROWS]
    ]
    return write_table(("v1 form", "Write", "At"), rows)
