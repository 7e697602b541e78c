"""`python -m tfvae evaluate RUN`."""

from pathlib import Path

import click
import rich.progress
from rich.console import Console
from rich.table import Table

from tfvae import metrics
from tfvae.report.scores import number
from tfvae.training.files import write_json
from tfvae.training.runs import Run
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run

WIDTH = 100  # of the tables where there is no terminal
# which detail of a metric has a number for each factor
PER_FACTOR = {
    "mig": "gaps",
    "mig_aggregate": "gaps",
    "sap": "gaps",
    "dci": "factors",
    "explicitness": "factors",
}


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--metrics",
    "names",
    default="all",
    show_default=True,
    help=f"all, fast, or names with commas: {', '.join(metrics.names())}.",
)
@click.option("--images", type=click.IntRange(1), help="Encode so many.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Images of a training part; a test part has half as many.",
)
@click.option("--resamples", type=click.IntRange(0), help="For the intervals.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--symmetric", is_flag=True, help="Views that look alike are one value."
)
def command(run, names, images, sample, resamples, seed, symmetric) -> None:
    """Measure a run with every metric; writes RUN/metrics.json."""
    model, params = load_run(run)
    dataset = load_data(params)
    if names not in ("all", "fast"):
        names = [name.strip() for name in names.split(",")]
    file, known = Run(run).metrics_file, Run(run).metrics()
    screen = Console(stderr=True)
    with rich.progress.Progress(
        console=screen, disable=not screen.is_terminal
    ) as bar:
        task = bar.add_task("")
        result = metrics.evaluate(
            model,
            dataset,
            names,
            seed,
            images=images,
            sample=sample,
            resamples=resamples,
            symmetric=symmetric,
            progress=lambda what, done, of: bar.update(
                task, description=what, completed=done, total=of
            ),
        )
    evaluation = merged(known.get("evaluation"), result)
    write_json(file, {**known, "evaluation": evaluation})
    screen = Console()
    screen.width = max(screen.width, WIDTH)
    screen.print(table(result), factor_table(result))
    click.echo(f"wrote {file}")


def merged(before: dict | None, now: dict) -> dict:
    """`now`, with what `before` measured besides under the same conditions."""
    varying = ("metrics", "encoding_seconds")
    conditions = [key for key in now if key not in varying]
    if before is None or any(before.get(k) != now[k] for k in conditions):
        return now
    return {**now, "metrics": {**before["metrics"], **now["metrics"]}}


def table(result: dict) -> Table:
    """The scores of `tfvae.metrics.evaluate`, one row each."""
    rows = Table("metric", "score", "95%", "images", "seconds")
    for name, measured in result["metrics"].items():
        if "skipped" in measured:
            rows.add_row(name, "-", f"skipped: {measured['skipped']}", "", "")
            continue
        for score, value in measured["scores"].items():
            label = name if score == name else f"{name}: {score}"
            interval = measured["intervals"].get(score)
            rows.add_row(
                label,
                number(value),
                " to ".join(map(number, interval)) if interval else "",
                f"{measured['samples']:,}",
                f"{measured['seconds']:.1f}",
            )
    return rows


def factor_table(result: dict) -> Table | str:
    """What there is of single factors, one row each; "" without any."""
    columns = {
        name: result["metrics"][name]["details"][detail]
        for name, detail in PER_FACTOR.items()
        if "details" in result["metrics"].get(name, {})
    }
    if not columns:
        return ""
    rows = Table("factor", *columns)
    for row, factor in enumerate(result["factors"]):
        numbers = [number(numbers[row]) for numbers in columns.values()]
        rows.add_row(factor, *numbers)
    return rows
