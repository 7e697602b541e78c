"""`python -m tfvae figures RUN`."""

from pathlib import Path

import click

from tfvae import drawing
from tfvae import figures
from tfvae.figures.animation import animate
from tfvae.training.runs import Run
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run
from tfvae.views import Views


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--figures",
    "names",
    default="all",
    show_default=True,
    help=f"all, or names with commas: {', '.join(figures.FIGURES.names())}.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["png", "svg", "pdf"]),
    default="png",
    show_default=True,
    help="svg and pdf are vector graphics.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Images to encode.",
)
@click.option(
    "--limit",
    type=float,
    help="Traverse from -LIMIT to LIMIT, not over the aggregate posterior.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(run, names, kind, sample, limit, seed) -> None:
    """Draw what a run has learned; writes RUN/figures/."""
    model, params = load_run(run)
    dataset = load_data(params)
    run = Run(run)
    views = Views(model, dataset, run.history(), sample, seed, limit)
    chosen = None if names == "all" else [n.strip() for n in names.split(",")]
    drawn, skipped = drawing.draw_all(figures.FIGURES, views, chosen)
    for name, figure in drawn.items():
        click.echo(f"wrote {run.save_figure(name, figure, kind)}")
    for name, reason in skipped.items():
        click.echo(f"no {name}: {reason}")
    if chosen is None:
        film = drawing.draw(animate, views)
        click.echo(f"wrote {run.save_film('traversals', film)}")
