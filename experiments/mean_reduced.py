"""The reconstruction averaged over pixels: what goes wrong, and the warning.

Li (2020), sec. 2.2: where the loss takes the mean of the pixels' -log p(x|z)
instead of their sum, the reconstruction weighs 4,096 times less against
gamma |KL - C|. The posterior means become 0, the KL follows C through the
variances alone, and every image is reconstructed as the mean image. Sec. 2.3:
with max(0, KL - C) in place of |KL - C| the means do not all stay 0.

Trains the right loss, the wrong one, and the wrong one with the hinge, all from
the same seed.

Run: python experiments/mean_reduced.py [--steps 500] [--to DIR]
"""

import sys
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parents[1]))

from experiments import recording
from experiments.expected import Row
from experiments.expected import table
from experiments.mean_image import constant_nll
from experiments.mean_image import mean_image
from experiments.recording import History
from experiments.recording import latent_columns
from params import PRECISIONS
from params import PRESETS
from params import Params
from tfvae import callbacks
from tfvae import data
from tfvae.commands import exits
from tfvae.figures.grid import image_grid
from tfvae.figures.style import COLOURS
from tfvae.figures.style import new_figure
from tfvae.objectives.capacity import B
from tfvae.objectives.capacity import Hinge
from tfvae.schedules import Linear
from tfvae.variational import Forward

import tensorflow as tf  # isort: skip

EVERY = 20  # steps between two measurements
MEASURED = 500  # images
SHOWN = 9  # images
SILENT = 0.02  # nats in means that differ, below which they say nothing

# from the half nat of Li (2020), five times as fast as in Burgess et al. (2018)
GAMMA, CAPACITY = 1000.0, Linear(0.5, 25.0, steps=20_000)
TO = Path("runs/mean_reduced")
RIGHT, WRONG, HINGE = "sum", "mean", "mean-hinge"


# === The mistake ===


class AveragedOverPixels(Forward):
    """A pass whose nll is that of one pixel: the mistake."""

    def nll(self):
        return super().nll() / tf.cast(tf.size(self.x[0]), tf.float32)


@dataclass(frozen=True)
class MeanReducedB(B):
    """B, but with the reconstruction averaged over pixels."""

    def __call__(self, forward, step):
        return super().__call__(AveragedOverPixels(*forward), step)


@dataclass(frozen=True)
class MeanReducedHinge(Hinge):
    """Hinge, but with the reconstruction averaged over pixels."""

    def __call__(self, forward, step):
        return super().__call__(AveragedOverPixels(*forward), step)


# === What came out ===


def nats(history: History, part: str) -> float:
    """What a part of the KL comes to at the last step, over all latents."""
    return float(latent_columns(history, part)[-1].sum())


def summary(history: History) -> str:
    """The last row in words."""
    kl, c, nll = (history[name][-1] for name in ("kl", "capacity", "nll"))
    varying, offset = (
        2 * latent_columns(history, part)[-1] for part in ("varying", "offset")
    )
    return (
        f"KL {kl:.2f} at C = {c:.2f}, nll {nll:.0f}; of each latent "
        f"E[mean^2] {_numbers(varying + offset)}, Var[mean] {_numbers(varying)}"
    )


def _numbers(values: np.ndarray) -> str:
    return " ".join(f"{value:.3f}" for value in values)


def rows(
    histories: dict[str, History], constant: float, warned: dict[str, bool]
) -> list[Row]:
    """Expected against seen, at the last step.

    Args:
        histories: of the runs `RIGHT`, `WRONG` and `HINGE`.
        constant: nll of the mean image, nats per image.
        warned: whether `tfvae.callbacks.CollapseWarning` spoke in each.
    """
    right, wrong, hinge = (histories[run] for run in (RIGHT, WRONG, HINGE))
    return [
        _means(RIGHT, right, said=True),
        _nll(RIGHT, right, constant, collapsed=False),
        _warned(RIGHT, warned[RIGHT], expected=False),
        _means(WRONG, wrong, said=False),
        _reaches(WRONG, wrong, "KL", float(wrong["kl"][-1])),
        _reaches(WRONG, wrong, "nats in variances", nats(wrong, "variance")),
        _nll(WRONG, wrong, constant, collapsed=True),
        _warned(WRONG, warned[WRONG], expected=True),
        _means(HINGE, hinge, said=True),
        _nll(HINGE, hinge, constant, collapsed=True),
    ]


def _means(run: str, history: History, said: bool) -> Row:
    varying = nats(history, "varying")
    return Row(
        f"{run}: nats in means that differ",
        "above 0" if said else "0",
        f"{varying:.3f}",
        (varying > SILENT) == said,
    )


def _reaches(run: str, history: History, quantity: str, seen: float) -> Row:
    c = float(history["capacity"][-1])
    holds = abs(seen / c - 1) < 0.2
    return Row(f"{run}: {quantity}", f"C, {c:.2f}", f"{seen:.2f}", holds)


def _nll(run: str, history: History, constant: float, collapsed: bool) -> Row:
    nll = history["nll"][-1]
    relation = "that of" if collapsed else "below"
    return Row(
        f"{run}: nll",
        f"{relation} the mean image, {constant:.0f}",
        f"{nll:.0f}",
        bool(nll > 0.95 * constant) == collapsed,
    )


def _warned(run: str, warned: bool, expected: bool) -> Row:
    words = "no", "yes"
    return Row(
        f"{run}: warned", words[expected], words[warned], warned is expected
    )


def curves(histories: dict[str, History], constant: float) -> Figure:
    """The KL of each run by what carries it, and the nll of all.

    Args:
        histories: by the name of the run.
        constant: nll of the mean image, nats per image.
    """
    drawn = new_figure(2.6 * (len(histories) + 1), 3.1)
    *panels, last = drawn.subplots(1, len(histories) + 1)
    last.set_prop_cycle(color=COLOURS[len(recording.PARTS) :])
    highest = max(history["kl"].max() for history in histories.values())
    for axes, (name, history) in zip(panels, histories.items(), strict=True):
        recording.draw_parts(axes, history)
        axes.set(title=f"{name}: KL, nats", ylim=(0, 1.1 * highest))
        last.plot(history["step"], history["nll"], label=name)
    last.axhline(constant, ls=":", color="black", label="mean image")
    last.set(title="nll, nats", xlabel="step", ylim=(0, 2 * constant))
    drawn.legend(
        *panels[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=len(recording.PARTS) + 1,
        frameon=False,
    )
    last.legend(frameon=False, fontsize=7)
    return drawn


# === The program ===


def runs(steps: int, seed: int, precision: str) -> dict[str, Params]:
    """What is trained, by name; only the objectives differ."""
    objectives = {
        RIGHT: B(GAMMA, CAPACITY),
        WRONG: MeanReducedB(GAMMA, CAPACITY),
        HINGE: MeanReducedHinge(GAMMA, CAPACITY),
    }
    shared = replace(
        PRESETS["burgess2018-dsprites"],
        learning_rate=1e-3,
        steps=steps,
        seed=seed,
        precision=precision,
    )
    return {k: replace(shared, objective=o) for k, o in objectives.items()}


@click.command(context_settings={"show_default": True})
@click.option("--steps", type=click.IntRange(1), default=1000)
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("--precision", type=click.Choice(PRECISIONS), default="float32")
@click.option("--to", type=click.Path(path_type=Path), default=TO)
def command(steps: int, seed: int, precision: str, to: Path) -> None:
    """What a reconstruction averaged over pixels does."""
    dataset = data.load("dsprites")
    mean = mean_image(dataset)
    print(f"The mean image: {constant_nll(mean[None], mean):.1f} nats")
    images = recording.some_images(dataset, MEASURED)
    constant = constant_nll(images, mean)
    shown = [images[:SHOWN], np.broadcast_to(mean, images[:SHOWN].shape)]
    histories, warned = {}, {}
    for name, params in runs(steps, seed, precision).items():
        warning = callbacks.CollapseWarning(dataset, warn=print)
        model, histories[name] = recording.train(
            params, dataset, images, EVERY, (warning,)
        )
        warned[name] = warning.found is not None
        shown.append(model.reconstruct(images[:SHOWN]).numpy())
        recording.write(histories[name], to / f"{name}.csv")
        print(f"{name}: {summary(histories[name])}", flush=True)
    labels = ["image", "mean image", *histories]
    grid = image_grid(np.stack(shown), "Reconstructions", row_labels=labels)
    grid.savefig(to / "reconstructions.png")
    curves(histories, constant).savefig(to / "curves.png")
    print(table(rows(histories, constant, warned)))


if __name__ == "__main__":
    exits.run("experiments/mean_reduced.py", command)
