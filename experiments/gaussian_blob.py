"""Latents of position turn to the axes; Burgess et al. (2018), fig. 2.

The images are one white Gaussian blob on black, at 32 by 32 positions.

Expected: with beta = 1 the two strongest latents look along any two directions,
or bend; with beta = 150 one is x and the other y, and no other is on.

A blob with a standard deviation of 12 pixels of 64 makes the first nat of
position worth about 470 nats of reconstruction, so that beta = 150 leaves both
latents on. One of 4 pixels would make it worth 96, and leave none.

Run: python experiments/gaussian_blob.py [--seeds 5] [--steps 2500]
"""

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from experiments.expected import Row
from experiments.expected import table
from tfvae import callbacks
from tfvae import figures
from tfvae.data import Dataset
from tfvae.data.factors import FactorGrid
from tfvae.objectives.beta import H
from tfvae.training import optimizers
from tfvae.views import Views

import keras  # isort: skip

SIDE = 64  # pixels
WIDTH = 12.0  # pixels, the standard deviation of a blob
MARGIN = 8.0  # pixels between the edge and the nearest centres
BETAS = (1.0, 150.0)
ALIGNED = 0.95  # a straight code within 13 degrees of an axis
BATCH_SIZE = 16
LEARNING_RATES = (1e-3, 1e-4)  # along half a cosine


@dataclass(frozen=True)
class Blobs(Dataset):
    """One Gaussian blob at every position."""

    image_shape = (SIDE, SIDE, 1)
    grid = FactorGrid(("posX", "posY"), (32, 32))

    @cached_property
    def stored(self) -> np.ndarray:
        columns, rows = self.grid.sizes
        images = bumps(columns)[:, None, None] * bumps(rows)[None, :, :, None]
        return np.rint(255 * images).astype(np.uint8).reshape(-1, SIDE, SIDE, 1)


def bumps(positions: int) -> np.ndarray:
    """Gaussians along one side of the image, `[positions, SIDE]`, 1 at most."""
    centres = np.linspace(MARGIN, SIDE - 1 - MARGIN, positions)
    away = (np.arange(SIDE) - centres[:, None]) / WIDTH
    return np.exp(-(away**2) / 2)


def explained(code: np.ndarray, values: np.ndarray) -> float:
    """Share of a code's variance that the mean at each value explains.

    Args:
        code: `[S]`.
        values: of a factor, integers from 0, `[S]`.
    """
    counts = np.bincount(values)
    means = np.bincount(values, code) / np.maximum(counts, 1)
    return float(np.var(means[values]) / np.var(code))


def alignment(
    codes: np.ndarray, factors: np.ndarray, latent_kl: np.ndarray
) -> float:
    """How far the two strongest latents lie along an axis each.

    The share of a latent's variance that x or y alone explains, whichever is
    more, averaged over the two. 1 along the axes; straight codes turned by t
    have the larger of cos(t)^2 and sin(t)^2: 0.5 at 45 degrees, 0.82 averaged
    over all angles; bent ones may have less.

    Args:
        codes: posterior means, `[S, D]`.
        factors: positions, `[S, 2]`.
        latent_kl: `[D]`.
    """
    strongest = np.argsort(-latent_kl, kind="stable")[:2]
    shares = [
        [explained(codes[:, latent], values) for values in factors.T]
        for latent in strongest
    ]
    return float(np.max(shares, axis=1).mean())


def train(dataset: Dataset, beta: float, steps: int, seed: int) -> tfvae.VAE:
    """A beta-VAE of the blobs."""
    keras.utils.set_random_seed(seed)
    model = tfvae.VAE(dataset.image_shape, objective=H(beta), seed=seed)
    rate = optimizers.cosine(*LEARNING_RATES, steps)
    model.compile(keras.optimizers.Adam(rate))
    model.fit(
        dataset.batches(BATCH_SIZE, seed),
        steps_per_epoch=steps,
        shuffle=False,
        callbacks=[callbacks.NaNGuard()],
        verbose=0,
    )
    return model


def draw(views: Views, file: Path) -> None:
    """Write the maps of each active latent's mean over the positions."""
    figure = figures.position_tuning(
        views.codes,
        views.factors,
        views.factor_names,
        views.latent_kl,
        views.active,
    )
    figure.savefig(file)
    print(f"wrote {file}")


def compare(scores: dict[float, list[float]], active: list[int]) -> list[Row]:
    """The paper's figure against these runs.

    Args:
        scores: by beta, the alignment of each seed.
        active: latents that are on at the largest beta, of each seed.
    """
    low, high = (scores[beta] for beta in BETAS)
    aligned = [sum(np.array(s) >= ALIGNED) for s in (low, high)]
    seeds = len(high)
    return [
        Row(
            f"seeds on the axes at beta {BETAS[0]:g}",
            "few",
            f"{aligned[0]} of {seeds}",
            aligned[0] <= seeds / 2,
        ),
        Row(
            f"seeds on the axes at beta {BETAS[1]:g}",
            "all",
            f"{aligned[1]} of {seeds}",
            aligned[1] == seeds,
        ),
        Row(
            f"active latents at beta {BETAS[1]:g}",
            "2",
            ", ".join(map(str, active)),
            set(active) == {2},
        ),
    ]


@click.command()
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True)
@click.option(
    "--steps", type=click.IntRange(1), default=2500, show_default=True
)
@click.option(
    "--run-dir", type=click.Path(path_type=Path), default="runs/gaussian_blob"
)
def main(seeds: int, steps: int, run_dir: Path) -> None:
    """Train with beta 1 and 150, and say how far latents lie along axes."""
    run_dir.mkdir(parents=True, exist_ok=True)
    dataset = Blobs()
    scores = {beta: [] for beta in BETAS}
    for beta in BETAS:
        active = []
        for seed in range(seeds):
            views = Views(train(dataset, beta, steps, seed), dataset)
            score = alignment(views.codes, views.factors, views.latent_kl)
            scores[beta].append(score)
            active.append(int(views.active.sum()))
            print(
                f"beta {beta:g}, seed {seed}: alignment {score:.2f}, "
                f"{active[-1]} active latents",
                flush=True,
            )
            if seed == 0 and active[-1]:
                draw(views, run_dir / f"beta_{beta:g}.png")
    print(table(compare(scores, active)))


if __name__ == "__main__":
    main()
