"""The public API as mkdocstrings directives, grouped by public module."""

from footnotary.documents.escape import prose
from footnotary.facts.impl import ImplFacts, Module

_OPTIONS = (
    "heading_level: 4",
    "show_root_heading: true",
    "show_root_full_path: true",
    "show_source: false",
    "show_attribute_values: false",
    "show_submodules: false",
    "separate_signature: true",
)


def directives(facts: ImplFacts) -> str:
    """Return one `:::` directive for each public module that defines something public.

    Attribute values and sources are not shown, and no signature where a default is one
    that a document must not show: the site is a document too.

    Args:
        facts: The package's facts.

    Returns:
        Markdown with a heading for each sub-package; the directives make their own
        headings one level below.
    """
    groups: dict[str, list[Module]] = {}
    for module in facts.modules:
        if module.public and (module.api or module.exported):
            groups.setdefault(_group(facts.identity.package, module.name), []).append(module)
    lines = ["## Public API"]
    if not groups:
        lines.append("No public module defines a public name.")
    for group, modules in sorted(groups.items()):
        lines.append(f"### {prose(group)}")
        lines += [_directive(module) for module in modules]
    return "\n\n".join(lines)


def _group(package: str, name: str) -> str:
    """Return the part of the package that a module belongs to."""
    rest = name.removeprefix(package).strip(".")
    first = rest.partition(".")[0]
    return f"{package}.{first}" if "." in rest else package


def _directive(module: Module) -> str:
    """Return the directive of one module, its options on one line."""
    options = [*_OPTIONS, *(["show_signature: false"] if module.settings_hidden else [])]
    return f"::: {module.name}\n    options: {{{', '.join(options)}}}"
