"""What is installed beside the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of those distributions that are installed, by name in lower case."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    return found


def installed(extras: Mapping[str, list[str]]) -> list[str]:
    """Return the extras of a project all of whose distributions are installed.

    Args:
        extras: Names of distributions by extra.
    """
    return [
        name for name, wanted in extras.items() if len(versions(set(wanted))) == len(set(wanted))
    ]
