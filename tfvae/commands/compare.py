"""`python -m tfvae compare RUN RUN...`."""

from pathlib import Path

import click

from tfvae.comparing import RunViews
from tfvae.report import write_comparison


@click.command()
@click.argument(
    "runs", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default=Path("comparison.html"),
    show_default=True,
    help="The page to write; it must not be there yet.",
)
def command(runs, to) -> None:
    """Set runs on the same data side by side in one page."""
    if to.exists():
        raise ValueError(
            f"The file exists already; give another with --to. Received: {to}"
        )
    click.echo(f"wrote {write_comparison(RunViews(list(runs)), to)}")
