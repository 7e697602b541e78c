"""What a run of an experiment records while it trains."""

import csv
import sys
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from params import Params
from tfvae import callbacks
from tfvae import data
from tfvae.figures.style import COLOURS
from tfvae.training import strategy
from train import build

import keras  # isort: skip
import tensorflow as tf  # isort: skip

History = dict[str, np.ndarray]

PARTS = {
    "varying": "means that differ",
    "offset": "a shared mean",
    "variance": "variances",
}
SEED = tf.constant([0, 1])  # of the samples by which nll is measured


class Recording(callbacks.StepCallback):
    """Measure the same images every so many steps.

    Args:
        images: `[N, H, W, C]` in [0, 1].
        every: steps between two measurements; the first is of the new model.

    Attributes:
        rows: one dict a measurement, in nats per image: "step", "capacity",
            "nll", "kl", and for each latent j "kl/j" with its parts
            "varying/j", "offset/j" and "variance/j", see `kl_parts`.
    """

    def __init__(self, images: np.ndarray, every: int):
        super().__init__(every)
        self.images = tf.constant(images)
        self.rows: list[dict[str, float]] = []

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._measure = tf.function(self._terms)
        self.on_step(0, {})

    def on_step(self, step, logs):
        nll, means, log_vars = (term.numpy() for term in self._measure())
        parts = kl_parts(means, log_vars)
        latent_kl = sum(parts.values())
        self.rows.append(
            {
                "step": step,
                "capacity": float(self.model.objective.capacity(step)),
                "nll": float(nll),
                "kl": float(latent_kl.sum()),
                **_columns("kl", latent_kl),
                **{
                    k: v
                    for p in parts
                    for k, v in _columns(p, parts[p]).items()
                },
            }
        )

    def _terms(self) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        forward = self.model.infer(self.images, SEED)
        means = forward.posterior.mean()
        log_vars = 2 * tf.math.log(forward.posterior.stddev())
        return tf.reduce_mean(forward.nll()), means, log_vars

    def history(self) -> History:
        """The rows as columns by name, `[T]` each."""
        names = self.rows[0]
        return {k: np.array([row[k] for row in self.rows]) for k in names}


def kl_parts(means: np.ndarray, log_vars: np.ndarray) -> dict[str, np.ndarray]:
    """The mean KL of each latent to N(0, 1) by what carries it.

    Args:
        means: of q(z|x), `[N, D]`.
        log_vars: its log variances, `[N, D]`.

    Returns:
        "varying", means that differ from image to image; "offset", a mean that
        they share; "variance"; each `[D]`, in nats.

    >>> parts = kl_parts(np.array([[1.0], [3.0]]), np.zeros([2, 1]))
    >>> {name: part.tolist() for name, part in parts.items()}
    {'varying': [0.5], 'offset': [2.0], 'variance': [0.0]}
    """
    variances = (np.exp(log_vars) - log_vars - 1).mean(axis=0)
    return {
        "varying": means.var(axis=0) / 2,
        "offset": means.mean(axis=0) ** 2 / 2,
        "variance": variances / 2,
    }


def _columns(name: str, values: np.ndarray) -> dict[str, float]:
    return {f"{name}/{j}": float(value) for j, value in enumerate(values)}


def latent_columns(history: History, name: str) -> np.ndarray:
    """The columns "name/0", "name/1", ... as `[T, D]`."""
    latents = sum(column.startswith(f"{name}/") for column in history)
    return np.stack([history[f"{name}/{j}"] for j in range(latents)], axis=1)


def draw_parts(axes: Axes, history: History) -> None:
    """The KL by what carries it, stacked, and C dotted.

    Args:
        axes: empty.
        history: of a run.
    """
    paths = [latent_columns(history, part).sum(axis=1) for part in PARTS]
    axes.stackplot(
        history["step"], paths, labels=PARTS.values(), colors=COLOURS
    )
    axes.plot(history["step"], history["capacity"], ":k", label="C")
    axes.set_xlabel("step")


def some_images(dataset: data.Dataset, number: int) -> np.ndarray:
    """The same images of a data set every time, `[N, H, W, C]` in [0, 1]."""
    order = np.random.default_rng(1).permutation(dataset.size)
    return dataset.floats(dataset.images(order[:number]))


def train(
    params: Params,
    dataset: data.Dataset,
    images: np.ndarray,
    every: int,
    also: tuple[keras.callbacks.Callback, ...] = (),
) -> tuple[tfvae.VAE, History]:
    """Train a model as the parameters say.

    Args:
        params: of the run; its objective has a capacity.
        dataset: what it is trained on.
        images: what it is measured on, `[N, H, W, C]` in [0, 1].
        every: steps between two measurements.
        also: more callbacks.

    Returns:
        (the model, its history as `Recording` has it).
    """
    strategy.make_deterministic(params.seed)
    model = build(params, dataset)
    recording = Recording(images, every)
    with callbacks.Progress(params.batch_size, params.steps) as progress:
        model.fit(
            dataset.batches(params.batch_size, params.seed),
            steps_per_epoch=params.steps,
            callbacks=[callbacks.NaNGuard(), progress, recording, *also],
            shuffle=False,
            verbose=0,
        )
    return model, recording.history()


def write(history: History, file: Path) -> None:
    """A history as CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(history)
        writer.writerows(zip(*history.values(), strict=True))
