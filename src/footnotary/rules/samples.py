"""Rules about code samples: they run against what is installed, and do no harm unmarked."""

import ast
import re
from collections.abc import Iterator

from footnotary.findings import Severity
from footnotary.markers import Block
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    document_rule,
)

_PYTHON = ("python", "py", "python3", "py3")
_SHELL = ("bash", "sh", "shell", "console", "zsh")
_WRONG = re.compile(
    r"❌|deprecated|\bv1\b|old way|before:|wrong|don't|do not|bad:|legacy|NOT ", re.IGNORECASE
)
_V1_IMPORTS = {"validator", "root_validator", "conint", "constr", "confloat", "conlist"}
_V1_METHODS = {"parse_obj", "parse_raw", "parse_file", "update_forward_refs", "from_orm"}
_V1_CONFIG = {
    "orm_mode",
    "allow_mutation",
    "allow_population_by_field_name",
    "anystr_strip_whitespace",
}
_DESTRUCTIVE = re.compile(
    r"\brm\s+(?:-\w*[rRf]\w*\s+)+(?:/|~|\$\w*|\*)(?:\s|$|/)|\bmkfs\b|\bdd\s+.*\bof=/dev/|"
    r"\bgit\s+(?:push\s+.*(?:--force\b(?!-)|\s-f\b)|reset\s+--hard|clean\s+-\w*f)|"
    r"\bdrop\s+(?:database|table|schema)\b|\btruncate\s+table\b|"
    r"\bdocker\s+(?:system\s+prune|compose\s+down\s+.*(?:-v\b|--volumes))|"
    r"\bkubectl\s+delete\s+(?:ns|namespace)|\bchmod\s+-R\s+777|:\(\)\s*\{\s*:\|:&\s*\};:|"
    r"\bcurl\b[^|\n]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b",
    re.IGNORECASE,
)
_WARNED = re.compile(
    r"warning|danger|caution|destroy|destructive|delet|irrevers|careful|lose|lost|wipes?|removes?|"
    r"backup",
    re.IGNORECASE,
)


def _samples(document: CheckedDocument, languages: tuple[str, ...]) -> Iterator[Block]:
    """Yield the fenced samples of the author's in some languages."""
    if document.around.archived:
        return
    for block in document.prose:
        language = re.split(r"[\s{,:]", block.info.strip().lower(), maxsplit=1)[0]
        if block.kind == "code" and language in languages:
            yield block


def _parsed(block: Block) -> ast.Module | None:
    """Return a sample's syntax tree, or None where it has none."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(_dedented(block.content))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _dedented(code: str) -> str:
    """Return code without common indentation and doctest prompts."""
    import textwrap

    lines = code.splitlines()
    if any(line.lstrip().startswith(">>> ") for line in lines):
        prompts = (line.lstrip() for line in lines)
        lines = [line[4:] for line in prompts if line.startswith((">>> ", "... "))]
    return textwrap.dedent("\n".join(lines))


@document_rule(
    "SMP001 python-does-not-parse",
    Severity.ERROR,
    why="It is copied and fails.",
    wrong="```python\ndef total(:\n```",
    right="```python\ndef total() -> int: ...\n```",
    fix="Correct the sample, or give its fence another language.",
)
def _unparsable(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A Python sample that is no Python."""
    import warnings

    for block in _samples(document, _PYTHON):
        code = _dedented(block.content)
        if re.search(r"^\s*(?:\.\.\.|…)\s*$|<[a-z][\w -]*>", code, re.MULTILINE):
            code = re.sub(r"^(\s*)…\s*$", r"\1...", code, flags=re.MULTILINE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(
                    code, "<sample>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
                )
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            message = getattr(error, "msg", str(error))
            yield FindingPlace(f"this Python does not parse: {message}.", block.first + line, 1)
        except (RecursionError, MemoryError):
            yield FindingPlace("this Python is nested too deeply to parse.", block.first, 1)


@document_rule(
    "SMP002 pydantic-v1",
    Severity.WARNING,
    why="It warns or fails with the version that is installed.",
    wrong="```python\nfrom pydantic import validator\n```",
    right="```python\nfrom pydantic import field_validator\n```",
    fix="Use the v2 form, or say in the sample that it is the old one.",
)
def _pydantic_v1(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A sample that uses what Pydantic v2 has replaced."""
    if "pydantic" not in document.text.lower():
        return
    for block in _samples(document, _PYTHON):
        if _WRONG.search(block.content):
            continue
        tree = _parsed(block)
        for node in ast.walk(tree) if tree else ():
            form = _old_form(node)
            if form:
                line = block.first + getattr(node, "lineno", 0)
                yield FindingPlace(
                    f"{form} is Pydantic v1.", line, getattr(node, "col_offset", 0) + 1
                )


def _old_form(node: ast.AST) -> str:
    """Return the Pydantic v1 form that a node is, or an empty string."""
    match node:
        case ast.ImportFrom(module="pydantic", names=names):
            old = [name.name for name in names if name.name in _V1_IMPORTS]
            return f"from pydantic import {', '.join(old)}" if old else ""
        case ast.Attribute(attr=name) if name in _V1_METHODS:
            return f".{name}"
        case ast.ClassDef(name="Config", body=body):
            settings = {
                target.id
                for statement in body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            return "class Config" if settings & _V1_CONFIG else ""
        case _:
            return ""


@document_rule(
    "SMP003 import-does-not-exist",
    Severity.ERROR,
    why="Names that were renamed, or that a model made up, fail on the first run.",
    wrong="```python\nfrom fastapi import Dependency\n```",
    right="```python\nfrom fastapi import Depends\n```",
    fix="Correct the import.",
)
def _imports(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A sample that imports what the installed version does not have."""
    for block in _samples(document, _PYTHON):
        tree = _parsed(block)
        for node in ast.walk(tree) if tree else ():
            for name in _imported(node):
                if document.around.installed(name) is False:
                    line = block.first + getattr(node, "lineno", 0)
                    yield FindingPlace(f"{name} does not exist in what is installed.", line, 1)


def _imported(node: ast.AST) -> list[str]:
    """Return the dotted names that a node imports."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return [f"{module}:{name.name}" for name in names if name.name != "*"]
        case _:
            return []


@document_rule(
    "SMP004 destructive-command",
    Severity.WARNING,
    why="Samples are pasted by people in a hurry, and by agents.",
    wrong="```bash\ngit reset --hard\n```",
    right="Warning: this loses uncommitted work.\n```bash\ngit reset --hard\n```",
    fix="Warn of it in the sentence above.",
)
def _destructive(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A shell sample that destroys something, or runs what a server sends, unwarned."""
    for block in _samples(document, _SHELL):
        for number, line in enumerate(block.content.splitlines(), block.first + 1):
            found = _DESTRUCTIVE.search(line)
            if found and not line.lstrip().startswith("# "):
                near = document.lines[max(0, block.first - 5) : block.last + 2]
                if not _WARNED.search(" ".join(each.text for each in near)):
                    command = found[0].strip()
                    does = "runs what a server sends" if "curl" in command else "destroys something"
                    yield FindingPlace(f"`{command}` {does}, and nothing warns of it.", number)


SAMPLE_RULES = (_unparsable, _pydantic_v1, _imports, _destructive)
