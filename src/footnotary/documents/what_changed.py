"""What changed between two readings of one kind, in the words of the kind or in general ones."""

from footnotary.documents import escape
from footnotary.documents.ways_of_reading import why_not_compared
from footnotary.facts.api import ApiFacts
from footnotary.facts.basis import Facts
from footnotary.facts.differing import describe_differences, things_changed
from footnotary.facts.schema import SchemaFacts

Change = tuple[bool | None, str]
"""Whether a change breaks callers or writers, None where that cannot be told, and what it is."""


def changes_between(before: Facts, after: Facts) -> tuple[Change, ...]:
    """Return each change: whether it breaks callers or writers, and what it is, as Markdown.

    Args:
        before: The earlier facts.
        after: The later facts, read in the same way.

    Returns:
        Nothing where the readings cannot be compared.
    """
    if why_not_compared(before, after):
        return ()
    found: list[Change] = []
    if isinstance(before, ApiFacts) and isinstance(after, ApiFacts):
        from footnotary.documents.api.changes import compare_apis as api_differences

        found = api_differences(before, after)
    elif isinstance(before, SchemaFacts) and isinstance(after, SchemaFacts):
        from footnotary.documents.schema.changes import compare_schemas as schema_differences

        found = list(schema_differences(before, after))
    if all(told is None for told, _ in found) and not things_changed(before, after):
        found = []  # what cannot be compared is no change by itself
    return tuple(
        dict.fromkeys(
            found or ((False, escape.prose(words)) for words in describe_differences(before, after))
        )
    )
