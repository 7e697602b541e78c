"""`python -m tfvae sweep STUDY.yaml`."""

from pathlib import Path

import click
from rich.console import Console

from tfvae.commands import exits


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Runs at once; each gets its share of the cores, and one GPU.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="Where the runs and the table are; runs/STUDY by default.",
)
def command(study, jobs, to) -> int:
    """Train and measure every run of a study that is not finished."""
    studies = _studies()
    plan = studies.Study.read(study)
    directory = to or Path("runs") / study.stem
    view = studies.View(Console())
    with studies.Stop() as stop:
        executor = studies.Processes(jobs, stop)
        left = studies.sweep(plan, directory, executor, stop, view)
    click.echo(f"wrote {directory / 'table.csv'} and table.parquet")
    for job in left:
        if job.state == "failed":
            click.echo(f"failed: {job.name}, see {job.log.path}", err=True)
    if stop.times:
        click.echo("To go on, give the same command again.")
        return exits.INTERRUPTED
    return 1 if left else 0


def _studies():
    """Imported when it is needed: it takes what an extra installs."""
    try:
        from tfvae import studies
    except ModuleNotFoundError as error:
        if error.name not in ("pyarrow", "yaml"):
            raise
        raise ValueError(
            "A sweep needs PyYAML and PyArrow: pip install 'tfvae[study]'"
        ) from error
    return studies
