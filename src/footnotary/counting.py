"""Numbers with their nouns: `1 table`, `2 tables`; the first of many names or words."""

from collections.abc import Mapping, Sequence

# Of the counts that scripts read, those whose name is no plural of a word.
_NOUNS = {
    "fks": ("foreign key", ""),
    "composite_pks": ("composite primary key", ""),
    "no_pk": ("table without a primary key", "tables without a primary key"),
    "indexes": ("index", "indexes"),
    "uniques": ("unique constraint", ""),
    "checks": ("check constraint", ""),
    "schemas": ("model", ""),
    "deprecated": ("deprecated", "deprecated"),
    "classes": ("class", "classes"),
    "with_docstring": ("docstring", ""),
    "unparsed": ("module not parsed", "modules not parsed"),
    "docstring_mismatches": ("docstring mismatch", "docstring mismatches"),
    "dockerfiles": ("Dockerfile", ""),
}


def first_few(names: Sequence[str], most: int = 5) -> str:
    """Return the first of some names, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def cut_at_word(words: str, length: int) -> str:
    """Return the beginning of a text, cut at a word where it is longer than so many characters."""
    return words if len(words) <= length else f"{words[:length].rpartition(' ')[0]} …"


def in_words(counts: Mapping[str, int]) -> str:
    """Return the counts of facts as words, zeros left out: `5 tables, 1 index`.

    Args:
        counts: By the names that scripts read, such as `fks`.
    """
    found = []
    for name, number in counts.items():
        noun, plural = _NOUNS.get(name, (name.removesuffix("s").replace("_", " "), ""))
        if number:
            found.append(counted(number, noun, plural))
    return ", ".join(found)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the singular or plural."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
