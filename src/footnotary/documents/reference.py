"""The public API as mkdocstrings directives, grouped by public module."""

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import dropwhile

from footnotary.counting import counted
from footnotary.documents.escape import code, fenced, prose
from footnotary.documents.what_changed import said_of_nothing
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


def render_directives(facts: ImplFacts, modules: Sequence[Module] | None = None) -> str:
    """Return one `:::` directive for each public module that defines something public.

    The site is a document too: attribute values and sources are not shown, and what has a
    literal or a docstring that a document must not show is written as a stub.

    Returns:
        Markdown with a heading for each sub-package; the directives make their own
        headings one level below.
    """
    groups: dict[str, list[Module]] = {}
    paths = {module.name: module.path for module in reversed(facts.modules)}
    out: dict[tuple[str, str], int] = {}
    for module in facts.modules if modules is None else modules:
        if not module.public or not (module.api or module.exported):
            continue
        lost = _lost(module, paths)
        if lost:
            out[lost] = out.get(lost, 0) + 1
        else:
            groups.setdefault(_group(facts, module.name), []).append(module)
    lines = ["## Public API"]
    if not groups and not out:
        nothing = "No public module defines a public name."
        lines.append(said_of_nothing(nothing, facts.unparsed))
    for group, members in sorted(groups.items()):
        lines.append(f"### {prose(group)}")
        lines += [part for module in members for part in _module(module)]
    for reason in dict.fromkeys(reason for reason, _ in out):
        folders = ", ".join(
            f"{code(name)} ({counted(count, 'module')})"
            for (why, name), count in out.items()
            if why == reason
        )
        lines.append(f"Left out, {reason}: {folders}.")
    return "\n\n".join(lines)


def _lost(module: Module, paths: Mapping[str, str]) -> tuple[str, str] | None:
    """Return why griffe cannot find a module by its name, and which package; None if it can."""
    gap = _gap(module.name, paths)
    if gap:
        return "for want of an `__init__.py` in the folder", gap
    top = module.name.partition(".")[0]
    if paths[module.name] != module.path:
        return "as another package has the same name", module.path.rpartition("/")[0]
    place = module.path.removesuffix(".py").removesuffix("/__init__")
    if not f"/{place}".endswith(f"/{module.name.replace('.', '/')}"):
        return "as its folder is called otherwise than it is imported", top
    return None


def _gap(name: str, modules: Container[str]) -> str:
    """Return the package above a module that is none, inside of one that is; empty without.

    Griffe reads folders without `__init__.py` from the top, but not below a package.
    """
    parts = name.split(".")
    above = [".".join(parts[:length]) for length in range(1, len(parts))]
    below = dropwhile(lambda one: one not in modules, above)
    return next((one for one in below if one not in modules), "")


def _group(facts: ImplFacts, name: str) -> str:
    """Return the part of its package that a module belongs to."""
    packages = [facts.identity.package, *(one.name for one in facts.packages)]
    inside = [one for one in packages if f"{name}.".startswith(f"{one}.")]
    package = max(inside, key=len, default=facts.identity.package)
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
