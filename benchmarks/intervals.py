"""Are intervals from halves as wide as fresh draws of images say?

Encodes images of a run, measures disjoint draws of them with every metric that
is run on halves, and prints how much the score varies from draw to draw beside
what the halves of the first draws say.

Run: python benchmarks/intervals.py RUN [--draws 8] [--told 3]
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae.metrics import METRICS
from tfvae.metrics import encoding
from tfvae.metrics import measuring

TRAIN, TEST = 10_000, 5_000
RESAMPLES = 100
OF_CODES = {
    "mig",
    "mig_sup",
    "modularity",
    "aam",
    "irs",
    "sap",
    "explicitness",
    "infomec",
    "dci",
}


def draws_of(run: Path, draws: int) -> list[SimpleNamespace]:
    """Disjoint draws of codes and factors, in two parts each."""
    model, params = tfvae.load_run(run)
    dataset = tfvae.data.load(params["dataset"], **params["data_options"])
    order = np.random.default_rng(0).permutation(dataset.size)
    indices = order[: draws * (TRAIN + TEST)]
    codes, _ = encoding.encode(model, dataset, indices)
    factors = dataset.factors(indices)
    return [
        SimpleNamespace(
            codes=some[:TRAIN],
            factors=truth[:TRAIN],
            train_codes=some[:TRAIN],
            train_factors=truth[:TRAIN],
            test_codes=some[TRAIN:],
            test_factors=truth[TRAIN:],
            seed=0,
        )
        for some, truth in zip(
            np.split(codes, draws), np.split(factors, draws), strict=True
        )
    ]


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--draws", default=8, show_default=True)
@click.option("--told", default=3, help="draws of which halves are measured")
def main(run: Path, draws: int, told: int) -> None:
    """Print a row a score."""
    parts = draws_of(run, draws)
    print("score, mean, 1.96 sd of the draws, half the interval from halves")
    for name in sorted(OF_CODES):
        measured = [
            measuring.measure(
                METRICS[name], part, RESAMPLES * (number < told), print
            )
            for number, part in enumerate(parts)
        ]
        for score in measured[0]["intervals"]:
            values = [one["scores"][score] for one in measured]
            ends = [one["intervals"][score] for one in measured[:told]]
            halves = ", ".join(f"{(b - a) / 2:.2g}" for a, b in ends)
            spread = 1.96 * np.std(values, ddof=1)
            print(f"{score}, {np.mean(values):.3f}, {spread:.2g}, {halves}")


if __name__ == "__main__":
    main()
