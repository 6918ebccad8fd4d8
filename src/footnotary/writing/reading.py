"""Asking a project for its facts: one reader a kind, imported when it is needed."""

from footnotary.documents.registry import kind_named
from footnotary.errors import UsageError
from footnotary.facts.basis import Facts
from footnotary.facts.options import ReadOptions
from footnotary.project import Project


def read_facts(project: Project, kind_name: str, name: str, options: ReadOptions) -> Facts:
    """Read the facts of one kind.

    Args:
        project: The user's project.
        kind_name: Name of the document kind.
        name: The project's name, or the topic of a research note.
        options: What the user says about how to read it.

    Raises:
        UsageError: There is no such kind.
        ProjectError: The project cannot be read.
    """
    kind_named(kind_name)
    match kind_name:
        case "api":
            from footnotary.probe.api import read as read_api

            return read_api(project, options)
        case "schema":
            from footnotary.probe.schema import read as read_schema

            return read_schema(project, options)
        case "deploy":
            from footnotary.readers.deploy import read as read_deploy

            return read_deploy(project, options)
        case "impl":
            from footnotary.readers.impl import read as read_impl

            return read_impl(project, options)
        case "research":
            from footnotary.facts.research import ResearchFacts

            return ResearchFacts(topic=name)
        case _:
            raise UsageError(f"{kind_name!r} has no reader.")
