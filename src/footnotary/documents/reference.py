"""The public API as mkdocstrings directives, grouped by public module."""

from collections.abc import Iterable

from footnotary.documents.escape import code, prose
from footnotary.facts.impl import ImplFacts, Module

_OPTIONS = (
    "show_root_heading: true",
    "show_root_full_path: true",
    "show_source: false",
    "show_attribute_values: false",
    "show_submodules: false",
    "separate_signature: true",
)


def directives(facts: ImplFacts) -> str:
    """Return one `:::` directive for each public module that defines something public.

    The site is a document too: attribute values and sources are not shown, no signature
    where a default is one that a document must not show, and nothing of a definition whose
    docstring holds what reads as a credential.

    Args:
        facts: The package's facts.

    Returns:
        Markdown with a heading for each sub-package; the directives make their own
        headings one level below.
    """
    groups: dict[str, list[Module]] = {}
    for module in facts.modules:
        if module.public and (module.api or module.exported) and "" not in module.withheld:
            groups.setdefault(_group(facts.identity.package, module.name), []).append(module)
    lines = ["## Public API"]
    if not groups:
        lines.append("No public module defines a public name.")
    for group, modules in sorted(groups.items()):
        lines.append(f"### {prose(group)}")
        lines += [directive for module in modules for directive in _directives(module)]
    lines += _withheld(facts)
    return "\n\n".join(lines)


def _withheld(facts: ImplFacts) -> list[str]:
    """Name what is left out."""
    names = [
        f"{module.name}.{name}".rstrip(".")
        for module in facts.modules
        if module.public
        for name in module.withheld
    ]
    if not names:
        return []
    shown = ", ".join(map(code, names))
    return [f"Left out, because a docstring holds what reads as a credential: {shown}."]


def _group(package: str, name: str) -> str:
    """Return the part of the package that a module belongs to."""
    rest = name.removeprefix(package).strip(".")
    first = rest.partition(".")[0]
    return f"{package}.{first}" if "." in rest else package


def _directives(module: Module) -> list[str]:
    """Return the directive of a module, and one for each definition shown without signature."""
    hidden = [name for name in module.without_signature if name not in module.withheld]
    left_out = [*hidden, *(name for name in module.withheld if name)]
    filters = ", ".join(f'"!^{name}$"' for name in left_out)
    options = [*_OPTIONS, *([f'filters: ["!^_[^_]", {filters}]'] if filters else [])]
    return [
        _directive(module.name, 4, options),
        *(
            _directive(f"{module.name}.{name}", 5, [*_OPTIONS, "show_signature: false"])
            for name in hidden
        ),
    ]


def _directive(path: str, level: int, options: Iterable[str]) -> str:
    """Return a directive with its options on one line."""
    return f"::: {path}\n    options: {{heading_level: {level}, {', '.join(options)}}}"
