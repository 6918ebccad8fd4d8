"""How much work one comparison of two APIs may take."""

from collections.abc import Iterator
from contextlib import contextmanager

_MAX_STEPS = 200_000  # some microseconds each


class TooLarge(Exception):
    """The steps that a comparison may take are used up."""


class Budget:
    """The steps that are left. Everything in one comparison spends from one budget."""

    def __init__(self, steps: int = _MAX_STEPS) -> None:
        """Begin with some steps."""
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            TooLarge: They are not left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooLarge

    @contextmanager
    def share(self, most: int) -> Iterator[None]:
        """Leave no more than some steps to what runs inside; what it does not use is kept."""
        kept = max(self.left - most, 0)
        self.left -= kept
        try:
            yield
        finally:
            self.left = kept + max(self.left, 0)
