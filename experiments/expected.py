"""The table that every experiment ends with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One quantity that a paper gives, and what was seen of it.

    Attributes:
        quantity: in words, with its unit.
        expected: as the paper has it.
        seen: here.
        holds: whether they agree.
    """

    quantity: str
    expected: str
    seen: str
    holds: bool


def near(quantity: str, expected: float, seen: float, tolerance: float) -> Row:
    """A number that should be as expected, give or take the tolerance."""
    holds = abs(seen - expected) <= tolerance
    return Row(quantity, f"{expected:g} +- {tolerance:g}", f"{seen:.1f}", holds)


def table(rows: list[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = ["| quantity | expected | seen | |", "|---|---|---|---|"]
    for row in rows:
        verdict = "as expected" if row.holds else "differs"
        cells = row.quantity, row.expected, row.seen, verdict
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
