"""Which factors a growing bottleneck lets through first; Burgess et al.
(2018), fig. 3.

There is no encoder. Each factor f_i of dSprites, standardised, is sent as

    q(z_i|f) = N(w_i f_i, sigma_i^2),    w_i and sigma_i learned

to the decoder, under -log p(x|z) + gamma |KL - C|, of the mean KL of a batch or
of that of each image. C stands at 0.5 nats for
20,000 steps and then rises by 0.75 nats per 10,000 to 25, 346,667 steps in
all; `--steps` compresses this. Orientation is a line from 0 to 39, though it
goes round.

Expected (read off the paper's figure): x and y first and together, then scale
at 6.6 nats, shape at 8.2, orientation at 14.

Run: python experiments/bottleneck.py [--steps 346667] [--run-dir DIR]
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from experiments.expected import Row
from experiments.expected import near
from experiments.expected import table
from experiments.ground_truth import GroundTruthVAE
from experiments.ground_truth import factor_batches
from tfvae import callbacks
from tfvae.figures import histories
from tfvae.figures.grid import image_grid
from tfvae.figures.labels import label_right
from tfvae.figures.style import COLOURS
from tfvae.figures.style import new_figure
from tfvae.objectives.capacity import CONSTRAINTS
from tfvae.objectives.capacity import B
from tfvae.training.runs import Run

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


def train(model: GroundTruthVAE, run: Run, batch: int, steps: int) -> None:
    """Train; writes history.csv and reconstructions.npz."""
    sizes = model.dataset.factor_sizes
    shown = np.random.default_rng(1).integers(0, sizes, [10, len(sizes)])
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
                    run.history_file,
                    every=max(1, steps // 1000),
                    report=progress.show,
                ),
                moments,
            ],
            verbose=0,
        )
    rows = np.stack([model.images_of(tf.constant(shown)), *moments.rows])
    np.savez_compressed(run.directory / "reconstructions.npz", rows=rows)


# === What came out ===


def at_rate(rate: np.ndarray, values: np.ndarray, nats: float) -> float:
    """The value of the first row whose KL is so many nats; NaN if none."""
    reached = np.flatnonzero(rate >= nats)
    return float(values[reached[0]]) if len(reached) else np.nan


def emergence(history: Mapping[str, np.ndarray]) -> dict[str, float]:
    """C from which on the KL of a factor stays above `ACTIVE`, in order.

    Factors that are not there at the end are left out.
    """
    rows = histories.emergence(histories.latent_paths(history), ACTIVE)
    there = [
        (float(history["capacity"][row]), name)
        for row, name in zip(rows, NAMES, strict=True)
        if row < len(history["capacity"])
    ]
    return {name: nats for nats, name in sorted(there)}


def compare(history: Mapping[str, np.ndarray]) -> list[Row]:
    """What the paper's figure shows against this run."""
    seen = emergence(history)
    last = dict(zip(NAMES, histories.latent_paths(history)[-1], strict=True))
    likelihood = at_rate(history["kl"], -history["nll"], MOMENTS[-1])
    position, others = {*list(seen)[:2]}, list(seen)[2:]
    return [
        Row(
            "order of the factors",
            ", ".join(["x and y", *EMERGES]),
            ", ".join(seen),
            position == {"posX", "posY"} and others == [*EMERGES],
        ),
        *(
            near(f"{name} is on at C, nats", nats, seen.get(name, np.inf), 1.5)
            for name, nats in EMERGES.items()
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


def utilisation(history: Mapping[str, np.ndarray]) -> Figure:
    """KL of each factor over C, and over the log-likelihood."""
    paths = histories.latent_paths(history)
    drawn = new_figure(9.6, 3.8)
    left, right = drawn.subplots(1, 2, sharey=True)
    _draw(left, history["capacity"], paths)
    left.set(xlabel="C, nats", ylabel="KL, nats")
    rising = history["capacity"] > FIRST
    _draw(right, -history["nll"][rising], paths[rising])
    right.set(xlabel="log p(x|z), nats")
    drawn.suptitle("KL of each factor while the bottleneck grows")
    return drawn


def _draw(axes: Axes, x: np.ndarray, paths: np.ndarray) -> None:
    dashes = {"posY": (0, (3, 3))}  # over posX, which it hides
    for name, path, colour in zip(NAMES, paths.T, COLOURS, strict=False):
        style = dashes.get(name, "-")
        axes.plot(x, path, color=colour, linestyle=style, label=name)
    mean = paths.mean(axis=1)
    axes.plot(x, mean, ":", color="black", label="mean")
    axes.set_ylim(bottom=0)
    ends = [(x[-1], path[-1]) for path in (*paths.T, mean)]
    colours = [*COLOURS[: len(NAMES)], "black"]
    label_right(axes, ends, [*NAMES, "mean"], colours)


def reconstructions(rows: np.ndarray) -> Figure:
    """Images above their reconstructions at each of the moments."""
    labels = ["image", *(f"{nats} nats" for nats in MOMENTS)]
    return image_grid(
        rows,
        "Reconstructions while the bottleneck grows",
        row_labels=labels[: len(rows)],
    )


def report(run: Run) -> None:
    """Print the table and draw the figures of a run."""
    history = run.history()
    print(table(compare(history)))
    rows = np.load(run.directory / "reconstructions.npz")["rows"]
    for name, drawn in {
        "utilisation": utilisation(history),
        "reconstructions": reconstructions(rows),
    }.items():
        print(f"wrote {run.save_figure(name, drawn)}")


def option(name: str, kind, default, **settings):
    """An option that shows its default."""
    return click.option(
        name, type=kind, default=default, show_default=True, **settings
    )


@click.command()
@option("--steps", click.IntRange(20), 35_000)
@option("--batch-size", click.IntRange(1), 16)
@option("--gamma", str, "100", help="number or schedule")
@option("--constraint", click.Choice(CONSTRAINTS), "batch", help="KL held at C")
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
    constraint,
    learning_rate,
    speed,
    precision,
    seed,
    run_dir,
    draw_only,
) -> None:
    """Train with a bottleneck that grows, and compare with the paper."""
    run = Run(run_dir)
    if not draw_only:
        run.directory.mkdir(parents=True)
        keras.utils.set_random_seed(seed)
        model = GroundTruthVAE(
            tfvae.data.load("dsprites"),
            speed,
            objective=B(gamma, capacity(steps), constraint),
            dtype=precision,
            seed=seed,
        )
        model.compile(keras.optimizers.Adam(learning_rate))
        train(model, run, batch_size, steps)
    report(run)


if __name__ == "__main__":
    main()
