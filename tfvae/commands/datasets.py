"""`python -m tfvae datasets`."""

import click
from rich.console import Console
from rich.table import Table

from tfvae import data

WIDTH = 160  # of the table where there is no terminal
COLUMNS = (
    "name",
    "images",
    "shape",
    "factors",
    "obtained",
    "licence",
    "citation",
)


@click.command()
def command() -> None:
    """List the data sets: what they hold, where they come from."""
    screen = Console()
    screen.width = max(screen.width, WIDTH)
    screen.print(table())


def table() -> Table:
    """One row for each registered data set."""
    rows = Table(show_lines=True)
    for column in COLUMNS:
        rows.add_column(column, overflow="fold")
    for cls in data.DATASETS.classes():
        rows.add_row(
            cls.name,
            images(cls),
            "x".join(map(str, getattr(cls, "image_shape", ()))) or "yours",
            factors(cls),
            cls.obtained,
            cls.licence,
            cls.citation,
        )
    return rows


def images(cls: type[data.Dataset]) -> str:
    """How many there are."""
    count = len(cls.grid) if cls.grid else cls.count
    return f"{count:,}" if count else "yours"


def factors(cls: type[data.Dataset]) -> str:
    """The names and sizes of a data set's factors."""
    if cls.grid is None:
        return "none" if cls.count else "yours"
    pairs = zip(cls.grid.names, cls.grid.sizes, strict=True)
    return ", ".join(f"{name} {size}" for name, size in pairs)
