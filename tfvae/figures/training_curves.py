"""What an objective was made of while it fell."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tfvae.figures import histories
from tfvae.figures.base import figure
from tfvae.figures.labels import label_right
from tfvae.figures.style import line_style
from tfvae.figures.style import logarithmic
from tfvae.figures.style import new_figure
from tfvae.figures.style import thousands

LARGE = ("loss", "nll")  # hundreds of nats, where the other terms are some
TARGET = "capacity"  # what the KL is held at
FAR = 3  # times the last value; what falls from there has a logarithmic axis


@figure
def training_curves(
    history: Mapping[str, np.ndarray], schedules: Sequence[str]
) -> Figure:
    """Every term of the objective over the steps, and its weights.

    One panel has the loss and the reconstruction, one the KL, its parts and C,
    and one each weight that changes. What falls far has a logarithmic axis.
    The title has the weights that stay as they are. The KL of single latents
    is in `kl_paths`.

    Args:
        history: columns "step", "loss" and so on, a row each some steps.
        schedules: columns that are schedules: weights, but for "capacity";
            all other columns are in nats per image.

    Returns:
        The figure, panels over one another.

    Raises:
        ValueError: if the history has no rows, or no terms.
    """
    steps = histories.steps(history)
    weights = [name for name in schedules if name != TARGET]
    panels = _panels(history, weights)
    drawn = new_figure(height=0.8 + 1.9 * len(panels))
    every = drawn.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (unit, names) in zip(every, panels, strict=True):
        axes.set_ylabel(unit)
        _draw(axes, steps, {name: history[name] for name in names})
    every[-1].set_xlabel("step")
    thousands(every[-1])
    drawn.suptitle(f"Terms of the objective{_constants(history, weights)}")
    return drawn


def _panels(history, weights) -> list[tuple[str, list[str]]]:
    """Unit and columns of each panel."""
    terms = [
        name
        for name in history
        if name not in ("step", *weights)
        and not name.startswith(histories.LATENT)
    ]
    if not terms:
        raise ValueError("The history has no terms of an objective.")
    large = [name for name in terms if name in LARGE]
    small = [name for name in terms if name not in LARGE]
    changing = [
        name
        for name in weights
        if histories.changing_rows(history.get(name, ()))
    ]
    nats = [("nats", names) for names in (large, small) if names]
    return nats + [("weight", [name]) for name in changing]


def _constants(history, weights) -> str:
    return "".join(
        f", {name} {history[name][-1]:g}"
        for name in weights
        if name in history and not histories.changing_rows(history[name])
    )


def _draw(axes: Axes, steps: np.ndarray, columns: dict) -> None:
    ends, colours = [], []
    for number, (name, values) in enumerate(columns.items()):
        style = line_style(number)
        if name == TARGET:
            style = {"color": "black", "linestyle": ":"}
        axes.plot(steps, values, **style)
        ends.append((steps[-1], values[-1]))
        colours.append(style["color"])
    if _fall_far(np.stack(list(columns.values()))):
        logarithmic(axes)
    label_right(axes, ends, list(columns), colours)


def _fall_far(values: np.ndarray) -> bool:
    first, last = values[:, 0].max(), values[:, -1].max()
    return bool(values.min() > 0 and first > FAR * last)
