"""The public API as mkdocstrings directives, grouped by public module."""

from collections.abc import Container, Iterable
from itertools import dropwhile

from footnotary.counting import counted
from footnotary.documents.escape import code, fenced, prose
from footnotary.facts.impl import ImplFacts, Module

_OPTIONS = (
    "show_root_heading: true",
    "show_root_full_path: true",
    "show_source: false",
    "show_attribute_values: false",
    "show_submodules: false",
    "separate_signature: true",
    "show_signature_annotations: true",
    "signature_crossrefs: true",
)


def directives(facts: ImplFacts) -> str:
    """Return one `:::` directive for each public module that defines something public.

    The site is a document too: attribute values and sources are not shown, and what has a
    literal or a docstring that a document must not show is written as a stub.

    Args:
        facts: The package's facts.

    Returns:
        Markdown with a heading for each sub-package; the directives make their own
        headings one level below.
    """
    groups: dict[str, list[Module]] = {}
    names = {module.name for module in facts.modules}
    out: dict[str, int] = {}
    for module in facts.modules:
        if not module.public or not (module.api or module.exported):
            continue
        gap = _gap(module.name, names)
        if gap:
            out[gap] = out.get(gap, 0) + 1
        else:
            groups.setdefault(_group(facts.identity.package, module.name), []).append(module)
    lines = ["## Public API"]
    if not groups:
        lines.append("No public module defines a public name.")
    for group, modules in sorted(groups.items()):
        lines.append(f"### {prose(group)}")
        lines += [part for module in modules for part in _module(module)]
    if out:
        folders = ", ".join(f"{code(name)} ({counted(n, 'module')})" for name, n in out.items())
        lines.append(f"Left out, for want of an `__init__.py` in the folder: {folders}.")
    return "\n\n".join(lines)


def _gap(name: str, modules: Container[str]) -> str:
    """Return the package above a module that is none, inside of one that is; empty without.

    Griffe reads folders without `__init__.py` from the top, but not below a package.
    """
    parts = name.split(".")
    above = [".".join(parts[:length]) for length in range(1, len(parts))]
    below = dropwhile(lambda one: one not in modules, above)
    return next((one for one in below if one not in modules), "")


def _group(package: str, name: str) -> str:
    """Return the part of the package that a module belongs to."""
    rest = name.removeprefix(package).strip(".")
    first = rest.partition(".")[0]
    return f"{package}.{first}" if "." in rest else package


def _module(module: Module) -> list[str]:
    """Return the directive of a module, and the stubs of what it must not show."""
    stubs = {stub.name: stub.code for stub in module.stubs}
    if module.docstring_shown:
        filters = ", ".join(f'"!^{name}$"' for name in stubs)
        options = [*_OPTIONS, *([f'filters: ["!^_[^_]", {filters}]'] if filters else [])]
        lines = [_directive(module.name, 4, options)]
    else:
        lines = [f"#### {code(module.name)}", prose(module.purpose)]
        lines += [
            _directive(f"{module.name}.{name}", 5, _OPTIONS)
            for name in module.api
            if name not in stubs
        ]
    for name, text in stubs.items():
        lines.append(f"##### {code(f'{module.name}.{name}')} {{ #{module.name}.{name} }}")
        lines.append(fenced(text, "python"))
    return [line for line in lines if line]


def _directive(path: str, level: int, options: Iterable[str]) -> str:
    """Return a directive with its options on one line."""
    return f"::: {path}\n    options: {{heading_level: {level}, {', '.join(options)}}}"
