"""Reads everything the IMPL document says from a package's source; nothing is imported."""

import ast
from importlib.metadata import version

from footnotary.facts.impl import DocstringProblem, Identity, ImplFacts
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import docstrings, modules, package
from footnotary.readers.tree import Tree


def read(project: Project, options: ReadOptions) -> ImplFacts:
    """Read the implementation facts of a project.

    Args:
        project: The user's project.
        options: `package` names the package's folder or import name; found if empty.

    Returns:
        The facts. Modules that cannot be parsed are counted and named.

    Raises:
        ProjectError: There is no package, or not the one that was named.
    """
    tree = Tree(project.root)
    found = package.load(tree, package.find(tree, options.package, project.name))
    problems = docstrings.read_problems(found)
    return ImplFacts(
        summary=summary(found, problems),
        identity=Identity(name=project.name, package=found.name, package_path=found.path),
        read_from=tuple(sorted(source.path for source in found.sources)),
        versions={"griffelib": version("griffelib")},
        modules=modules.read_modules(found, modules.read_coverage(tree)),
        api=modules.read_api(found),
        unparsed=tuple(f"{one.path}:{one.line} ({one.reason})" for one in found.unparsed),
        legacy=found.legacy,
        docstrings=problems,
    )


def summary(found: package.Package, problems: tuple[DocstringProblem, ...]) -> dict[str, int]:
    """Count what a package defines.

    Args:
        found: The parsed package.
        problems: What `docstrings.read_problems` found in it.

    Returns:
        `modules` (those that could not be parsed included, `unparsed` of them), `classes`
        (nested ones too), `functions` at module level, `methods`, `with_docstring`
        (functions and methods), `docstring_mismatches` (functions whose Args names a
        parameter that the signature lacks), and `legacy_modules`, which no other number
        includes.
    """
    counts = dict.fromkeys(("classes", "functions", "methods", "with_docstring"), 0)
    for source in found.sources:
        for _, node, in_class in package.definitions(source):
            if isinstance(node, ast.ClassDef):
                counts["classes"] += 1
                continue
            counts["methods" if in_class else "functions"] += 1
            counts["with_docstring"] += ast.get_docstring(node, clean=False) is not None
    return {
        "modules": len(found.sources) + len(found.unparsed),
        **counts,
        "unparsed": len(found.unparsed),
        "docstring_mismatches": sum(bool(problem.contradicts) for problem in problems),
        "legacy_modules": len(found.legacy),
    }
