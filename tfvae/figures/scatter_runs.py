"""Runs as points of a plane."""

import numpy as np
from matplotlib.axes import Axes

from tfvae.figures.labels import label_right
from tfvae.figures.style import line_style

MARKERS = "os^Dv*PX"
NAMED = 16  # runs, up to which each has its name


def scatter_runs(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    objectives: list[str],
    run_names: list[str],
) -> None:
    """A point a run, a colour and a marker an objective, names at the right.

    Call it last: it fixes the limits of the axes. More than 16 runs have no
    names.

    Args:
        axes: with all else that is on it.
        x: `[R]`.
        y: `[R]`.
        objectives: of each run, R names.
        run_names: R names.
    """
    colours = np.empty(len(objectives), object)
    kinds = dict.fromkeys(objectives)  # in the order they come
    for number, kind in enumerate(kinds):
        those = np.array(objectives) == kind
        colours[those] = colour = line_style(number)["color"]
        marker = MARKERS[number % len(MARKERS)]
        axes.plot(x[those], y[those], marker, color=colour, label=kind)
    if len(kinds) > 1:
        axes.legend(frameon=False)
    if len(run_names) <= NAMED:
        points = list(zip(x, y, strict=True))
        label_right(axes, points, run_names, colours)
