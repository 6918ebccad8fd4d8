"""Numbers with their nouns: `1 table`, `2 tables`."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the singular or plural.

    Args:
        number: How many.
        noun: What, in the singular.
        plural: The plural, where it is not the noun with an s.
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
