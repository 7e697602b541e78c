"""`python -m tfvae report RUN`."""

from pathlib import Path

import click

from tfvae.report import write_report
from tfvae.training.runs import Run
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(run, seed) -> None:
    """Everything about a run in one page; writes RUN/report.html."""
    model, params = load_run(run)
    dataset = load_data(params)
    click.echo(f"wrote {write_report(Run(run), model, dataset, seed)}")
