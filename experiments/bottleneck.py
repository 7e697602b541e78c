"""Which factors a growing bottleneck lets through first; Burgess et al.
(2018), fig. 3.

There is no encoder. Each factor f_i of dSprites, standardised, is sent as

    q(z_i|f) = N(w_i f_i, sigma_i^2),    w_i and sigma_i learned

to the decoder, under -log p(x|z) + gamma |KL - C|. C stands at 0.5 nats for
20,000 steps and then rises by 0.75 nats per 10,000 to 25, 346,667 steps in
all; `--steps` compresses this. Orientation is a line from 0 to 39, though it
goes round.

Expected (read off the paper's figure): x and y first and together, then scale
at 6.6 nats, shape at 8.2, orientation at 14.

Run: python experiments/bottleneck.py [--steps 346667] [--run-dir DIR]
"""

import sys
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from experiments.expected import Row
from experiments.expected import near
from experiments.expected import table
from experiments.ground_truth import GroundTruthVAE
from experiments.ground_truth import factor_batches
from tfvae import callbacks
from tfvae.figures.grid import image_grid
from tfvae.figures.style import COLOURS
from tfvae.figures.style import new_figure
from tfvae.objectives.capacity import B

import keras  # isort: skip
import tensorflow as tf  # isort: skip

FIRST, LAST = 0.5, 25.0  # C, nats
HELD, RATE = 20_000, 0.75 / 10_000  # steps, nats a step
FULL = round(HELD + (LAST - FIRST) / RATE)  # steps

ACTIVE = 0.1  # nats
MOMENTS = (3.1, 7.3, 15.4, 23.8)  # nats of the paper's reconstructions
NAMES = ("shape", "scale", "orientation", "posX", "posY")
EMERGES = {"scale": 6.6, "shape": 8.2, "orientation": 14.0}  # C, nats
LAST_KL = {"posX": 5.3, "posY": 5.3, "scale": 5.3, "shape": 3.0}
LAST_KL |= {"orientation": 5.1}  # nats
LOG_LIKELIHOOD = -45.0  # nats, at the last of the moments

# === Training ===


def capacity(steps: int):
    """C of a step: the paper's schedule, compressed into so many steps."""

    def at(step) -> tf.Tensor:
        step = tf.cast(step, tf.float32) * (FULL / steps)
        risen = (step - HELD) / (FULL - HELD)
        return FIRST + (LAST - FIRST) * tf.clip_by_value(risen, 0.0, 1.0)

    return at


class Moments(callbacks.StepCallback):
    """Keep the reconstructions of when C reaches given nats.

    Args:
        factors: of the images to reconstruct, `[N, K]`.

    Attributes:
        rows: `[N, H, W, C]` of each of `MOMENTS` so far.
    """

    def __init__(self, factors: np.ndarray):
        super().__init__(every=1)
        self.factors = tf.constant(factors, tf.float32)
        self.rows: list[np.ndarray] = []

    def on_step(self, step, logs):
        if len(self.rows) == len(MOMENTS):
            return
        if self.model.objective.capacity(step) >= MOMENTS[len(self.rows)]:
            self.rows.append(self.model.reconstruct(self.factors).numpy())


def train(model: GroundTruthVAE, directory: Path, batch: int, steps: int):
    """Train; writes history.csv and reconstructions.npz."""
    sizes = model.dataset.factor_sizes
    shown = np.random.default_rng(1).integers(0, sizes, [10, len(sizes)])
    history = directory / "history.csv"
    moments = Moments(shown)
    with callbacks.Progress(batch, steps) as progress:
        model.fit(
            factor_batches(model.dataset, batch, model.seed),
            steps_per_epoch=steps,
            shuffle=False,
            callbacks=[
                callbacks.NaNGuard(),
                progress,
                callbacks.History(
                    history, every=max(1, steps // 1000), report=progress.show
                ),
                moments,
            ],
            verbose=0,
        )
    rows = np.stack([model.images_of(tf.constant(shown)), *moments.rows])
    np.savez_compressed(directory / "reconstructions.npz", rows=rows)


# === What came out ===


def read_history(directory: Path) -> tuple[np.ndarray, np.ndarray]:
    """The columns of history.csv by name, and the KLs `[R, K]`."""
    columns = np.genfromtxt(
        directory / "history.csv", delimiter=",", names=True, deletechars=""
    )
    kl = np.stack([columns[f"kl/{k}"] for k in range(len(NAMES))], axis=1)
    return columns, kl


def emergence(nats: np.ndarray, kl: np.ndarray) -> np.ndarray:
    """C from which on the KL of each factor stays above `ACTIVE`.

    Args:
        nats: C of each row, `[R]`.
        kl: of each factor, `[R, K]`, nats.

    Returns:
        `[K]`; infinite for a factor that is not there at the end.
    """
    off = kl <= ACTIVE
    first = len(kl) - np.argmax(off[::-1], axis=0)
    first[~off.any(axis=0)] = 0
    return np.append(nats, np.inf)[first]


def at_rate(rate: np.ndarray, values: np.ndarray, nats: float) -> float:
    """The value of the first row whose KL is so many nats; NaN if none."""
    reached = np.flatnonzero(rate >= nats)
    return float(values[reached[0]]) if len(reached) else np.nan


def compare(columns: np.ndarray, kl: np.ndarray) -> list[Row]:
    """What the paper's figure shows against this run."""
    emerged = dict(zip(NAMES, emergence(columns["capacity"], kl), strict=True))
    last = dict(zip(NAMES, kl[-1], strict=True))
    there = [name for name in NAMES if np.isfinite(emerged[name])]
    seen = sorted(there, key=emerged.get)
    likelihood = at_rate(columns["kl"], -columns["nll"], MOMENTS[-1])
    return [
        Row(
            "order of the factors",
            ", ".join(["x and y", *EMERGES]),
            ", ".join(seen),
            {*seen[:2]} == {"posX", "posY"} and seen[2:] == [*EMERGES],
        ),
        *(
            near(f"C at which {name} is on, nats", c, emerged[name], 1.5)
            for name, c in EMERGES.items()
        ),
        *(
            near(f"KL of {name} at the end, nats", nats, last[name], 0.5)
            for name, nats in LAST_KL.items()
        ),
        near(
            f"log-likelihood at {MOMENTS[-1]} nats",
            LOG_LIKELIHOOD,
            likelihood,
            5.0,
        ),
    ]


# === Figures ===


def utilisation(columns: np.ndarray, kl: np.ndarray) -> Figure:
    """KL of each factor over the steps, and over the log-likelihood."""
    figure = new_figure(9.6, 3.8)
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, across in ((left, columns["step"]), (right, -columns["nll"])):
        for name, nats, colour in zip(NAMES, kl.T, COLOURS, strict=False):
            axes.plot(across, nats, color=colour, label=name, lw=1.4)
        axes.plot(across, kl.mean(axis=1), "k:", label="mean", lw=1.2)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xlabel("training step")
    left.set_ylabel("KL of the factor's latent, nats")
    right.set_xlabel("log p(x|z), nats")
    left.legend(frameon=False)
    return figure


def reconstructions(rows: np.ndarray) -> Figure:
    """Images above their reconstructions at each of the moments."""
    labels = ["image", *(f"{nats} nats" for nats in MOMENTS)]
    return image_grid(
        rows,
        "Reconstructions while C rises",
        row_labels=labels[: len(rows)],
    )


def report(directory: Path) -> None:
    """Print the table, draw the figures of a run."""
    columns, kl = read_history(directory)
    print(table(compare(columns, kl)))
    rows = np.load(directory / "reconstructions.npz")["rows"]
    for name, figure in {
        "utilisation": utilisation(columns, kl),
        "reconstructions": reconstructions(rows),
    }.items():
        figure.savefig(directory / f"{name}.png")
        print(f"wrote {directory / name}.png")


def option(name: str, kind, default, **settings):
    """An option that shows its default."""
    return click.option(
        name, type=kind, default=default, show_default=True, **settings
    )


@click.command()
@option("--steps", click.IntRange(1), 35_000)
@option("--batch-size", click.IntRange(1), 16)
@option("--gamma", str, "100", help="number or schedule")
@option("--learning-rate", float, 5e-4, help="of the decoder")
@option("--speed", float, 10.0, help="of w and sigma, times the decoder's")
@option("--precision", str, "mixed_bfloat16")
@option("--seed", click.IntRange(0), 0)
@option("--run-dir", click.Path(path_type=Path), "runs/bottleneck")
@option("--draw-only", bool, False, is_flag=True, help="a run that is there")
def main(
    steps,
    batch_size,
    gamma,
    learning_rate,
    speed,
    precision,
    seed,
    run_dir,
    draw_only,
) -> None:
    """Train with a bottleneck that grows, and compare with the paper."""
    if not draw_only:
        run_dir.mkdir(parents=True)
        keras.utils.set_random_seed(seed)
        model = GroundTruthVAE(
            tfvae.data.load("dsprites"),
            speed,
            objective=B(gamma, capacity(steps)),
            dtype=precision,
            seed=seed,
        )
        model.compile(keras.optimizers.Adam(learning_rate))
        train(model, run_dir, batch_size, steps)
    report(run_dir)


if __name__ == "__main__":
    main()
