"""What every benchmark prints: rows, for people or as JSON lines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Attributes:
        row: What was measured.
        ours: The figure.
        unit: Of both figures.
        beside: The peer's or the floor's figure; None where nothing does the same.
        peer: What that is.
        growth: Sizes and our figure at each of them, smallest first.
    """

    row: str
    ours: float
    unit: str
    beside: float | None = None
    peer: str = ""
    growth: tuple[tuple[int, float], ...] = ()

    @property
    def ratio(self) -> float | None:
        """Ours by the other's figure: below 1 is less."""
        return self.ours / self.beside if self.beside else None


def print_rows(rows: Iterable[Row], *, as_json: bool) -> None:
    """Print rows, as JSON lines or aligned.

    Args:
        rows: What was measured.
        as_json: One object a line, with the fields of `Row` and `ratio`.
    """
    for row in rows:
        if as_json:
            print(json.dumps(asdict(row) | {"ratio": row.ratio}))
            continue
        beside = f"{row.beside:10.3f} {row.peer} ({row.ratio:.2f})" if row.beside else ""
        growth = " ".join(f"{size}: {figure:.3f}" for size, figure in row.growth)
        print(f"{row.row:<40}{row.ours:10.3f} {row.unit:<14}{beside}   {growth}")
