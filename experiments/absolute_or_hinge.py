"""The KL held at C, or only kept below it; Li (2020), sec. 2.3.

Trains the objectives B, gamma |KL - C|, and hinge, gamma max(0, KL - C), from
the same seed under the same schedules. C starts at 2 nats, above the KL of a
new model.

Expected: |KL - C| pays the model to raise its KL to C at once, whatever the
reconstruction can do with it, by narrowing posteriors: latents are on from
step 0. Under the hinge they switch on one after the other, when the
reconstruction wants them.

Run: python experiments/absolute_or_hinge.py [--steps 1000] [--to DIR]
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
from tfvae import data
from tfvae import evaluation
from tfvae import figures
from tfvae import objectives
from tfvae.commands import exits
from tfvae.evaluation import ACTIVE
from tfvae.figures.histories import emergence
from tfvae.figures.style import new_figure

EVERY = 10  # steps between two measurements
MEASURED = 500  # images
NEAR = 0.9  # of C, from which on the KL has reached it
LAST = 20  # measurements, over which the end of a run is averaged
NAMES = ABSOLUTE, HINGE = "B", "hinge"
TO = Path("runs/absolute_or_hinge")


# === What came out ===


@dataclass(frozen=True)
class Arrival:
    """When the KL first came within 10% of C, and what it was then.

    Attributes:
        step: of training; infinite if it never came.
        nll: nats per image.
        active: how many latents were above 0.1 nats.
        varying: share of the KL that means carried which differ.
        variance: share that the variances carried.
    """

    step: float = np.inf
    nll: float = np.nan
    active: int = 0
    varying: float = np.nan
    variance: float = np.nan


def arrival(history: History) -> Arrival:
    """When the KL first reached C."""
    reached = history["kl"] >= NEAR * history["capacity"]
    if not reached.any():
        return Arrival()
    row = reached.argmax()
    kl, varying, variance = (
        latent_columns(history, part)[row]
        for part in ("kl", "varying", "variance")
    )
    return Arrival(
        step=int(history["step"][row]),
        nll=float(history["nll"][row]),
        active=int((kl > ACTIVE).sum()),
        varying=float(varying.sum() / kl.sum()),
        variance=float(variance.sum() / kl.sum()),
    )


def order(history: History) -> dict[int, int]:
    """The step from which each latent stays above 0.1 nats, first to last.

    Latents that are not above it at the end are left out.
    """
    steps, kl = history["step"], latent_columns(history, "kl")
    rows = emergence(kl, ACTIVE)
    return {
        int(latent): int(steps[rows[latent]])
        for latent in np.argsort(rows, kind="stable")
        if rows[latent] < len(steps)
    }


def at_the_end(history: History, part: str) -> float:
    """Nats in a part of the KL, over all latents and the last rows."""
    return float(latent_columns(history, part)[-LAST:].sum(axis=1).mean())


def rows(absolute: History, hinge: History, constant: float) -> list[Row]:
    """Expected against seen.

    Args:
        absolute: of the run of B.
        hinge: of the run of the hinge.
        constant: nll of the mean image, nats per image.
    """
    runs = absolute, hinge
    first, later = map(arrival, runs)
    after = [
        sum(step > arrival(run).step for step in order(run).values())
        for run in runs
    ]
    kl, varying, variance = (
        [at_the_end(run, part) for run in runs]
        for part in ("kl", "varying", "variance")
    )
    c = float(absolute["capacity"][-LAST:].mean())
    return [
        Row(
            "step at which the KL reaches C",
            "B before the hinge",
            f"B {first.step}, hinge {later.step}",
            first.step < later.step,
        ),
        Row(
            f"nll then; {constant:.0f} if all images were drawn the same",
            "B above, hinge below",
            f"B {first.nll:.0f}, hinge {later.nll:.0f}",
            first.nll > constant > later.nll,
        ),
        Row(
            "latents above 0.1 nats then",
            "more in B",
            f"B {first.active}, hinge {later.active}",
            first.active > later.active,
        ),
        Row(
            "share of the KL in variances then",
            "most in B",
            f"B {first.variance:.0%}, hinge {later.variance:.0%}",
            first.variance > 0.5,
        ),
        Row(
            "share of the KL in means that differ then",
            "most under the hinge",
            f"B {first.varying:.0%}, hinge {later.varying:.0%}",
            first.varying < 0.5 < later.varying,
        ),
        Row(
            "latents that switch on after that, to stay",
            "more under the hinge",
            f"B {after[0]}, hinge {after[1]}",
            after[0] < after[1],
        ),
        Row(
            f"KL at the end, nats; C is {c:.2f}",
            "C in B, less under the hinge",
            f"B {kl[0]:.2f}, hinge {kl[1]:.2f}",
            kl[1] < NEAR * c < kl[0],
        ),
        Row(
            "nats in variances at the end",
            "more in B",
            f"B {variance[0]:.2f}, hinge {variance[1]:.2f}",
            variance[0] > variance[1],
        ),
        Row(
            "nats in means that differ at the end",
            "fewer in B",
            f"B {varying[0]:.2f}, hinge {varying[1]:.2f}",
            varying[0] < varying[1],
        ),
    ]


def parts(runs: dict[str, History]) -> Figure:
    """The KL of each run by what carries it; a line where it reaches C.

    Args:
        runs: histories by name.
    """
    drawn = new_figure(9.0, 3.2)
    panels = drawn.subplots(1, len(runs), sharey=True)
    for axes, (name, history) in zip(panels, runs.items(), strict=True):
        recording.draw_parts(axes, history)
        reached = arrival(history).step
        axes.axvline(reached, color="black", lw=0.8, label="KL reaches C")
        axes.set(title=name, xscale="log", xlim=(EVERY, history["step"][-1]))
    panels[0].set_ylabel("KL, nats")
    drawn.legend(
        *panels[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=len(recording.PARTS) + 2,
        frameon=False,
    )
    return drawn


# === The program ===


@click.command(context_settings={"show_default": True})
@click.option("--steps", type=click.IntRange(1), default=4000)
@click.option("--gamma", default="1000")
@click.option("--capacity", default="2:6.5:7500")
@click.option("--learning-rate", type=float, default=5e-4)
@click.option("--seed", type=click.IntRange(0), default=0)
@click.option("--precision", type=click.Choice(PRECISIONS), default="float32")
@click.option("--to", type=click.Path(path_type=Path), default=TO)
def command(gamma: str, capacity: str, to: Path, **settings) -> None:
    """The KL held at C, or only kept below it."""
    dataset = data.load("dsprites")
    images = recording.some_images(dataset, MEASURED)
    shared = replace(PRESETS["burgess2018-dsprites"], **settings)
    runs = {}
    for name in NAMES:
        objective = objectives.get(name, gamma=gamma, capacity=capacity)
        params = replace(shared, objective=objective)
        model, history = recording.train(params, dataset, images, EVERY)
        runs[name] = history
        recording.write(history, to / f"{name}.csv")
        steps = [f"z{j} at step {step:,}" for j, step in order(history).items()]
        print(f"{name}: above 0.1 nats to stay: {', '.join(steps) or 'none'}")
        print(evaluation.describe(evaluation.measure(model, dataset)))
    parts(runs).savefig(to / "parts.png")
    figures.kl_paths_compared([*runs.values()], [*runs]).savefig(
        to / "kl_paths.png"
    )
    constant = constant_nll(images, mean_image(dataset))
    print(table(rows(*runs.values(), constant)))


if __name__ == "__main__":
    exits.run("experiments/absolute_or_hinge.py", command)
