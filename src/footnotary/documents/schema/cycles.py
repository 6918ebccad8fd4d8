"""Circles of foreign keys: tables that reach themselves."""

from footnotary.facts.schema import Table


def cycles(tables: tuple[Table, ...]) -> list[list[str]]:
    """Return the circles between tables, each once, by name; a table to itself is none.

    Args:
        tables: All tables; foreign keys that are added later (`use_alter`) break a circle.
    """
    edges = {
        one.full_name: [
            key.table
            for key in one.foreign_keys
            if not key.use_alter and key.table != one.full_name
        ]
        for one in tables
    }
    reach = {name: _reached(name, edges) for name in edges}
    found: list[list[str]] = []
    done: set[str] = set()
    for name in sorted(edges):
        if name in done or name not in reach[name]:
            continue
        members = sorted(other for other in reach[name] if name in reach.get(other, ()))
        done.update(members)
        found.append(members)
    return found


def _reached(start: str, edges: dict[str, list[str]]) -> set[str]:
    """Return every table that foreign keys lead to, however far."""
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        name = waiting.pop()
        if name not in found and name in edges:
            found.add(name)
            waiting += edges[name]
    return found
