"""What runs pay for what they reconstruct."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tfvae.figures.base import comparison
from tfvae.figures.scatter_runs import scatter_runs
from tfvae.figures.style import new_figure


@comparison
def rate_distortion(
    rates: np.ndarray,
    distortions: np.ndarray,
    run_names: list[str],
    objectives: list[str],
) -> Figure:
    """Distortion against rate of each run, with lines of equal ELBO.

    The plane of Alemi et al. (2018). Lower left is better. All points of a
    dotted line, of slope -1, have one ELBO, -(rate + distortion).

    Args:
        rates: KL of each run, `[R]`, nats per image.
        distortions: -log p(x|z), `[R]`, nats per image.
        run_names: R names.
        objectives: of each run, R names.

    Returns:
        The figure.
    """
    drawn = new_figure(7.0, 4.6)
    axes = drawn.add_subplot()
    axes.margins(0.15)
    axes.set(xlabel="rate: KL, nats", ylabel="distortion: -log p(x|z), nats")
    scatter_runs(axes, rates, distortions, objectives, run_names)
    _draw_elbos(axes)
    drawn.suptitle("Rate and distortion; dotted: equal ELBO, in nats")
    return drawn


def _draw_elbos(axes: Axes) -> None:
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    for total in MaxNLocator(7).tick_values(left + bottom, right + top):
        if not left + bottom < total < right + top:
            continue
        x = max(left, total - top)  # where the line comes in
        from_left = x == left
        axes.axline((x, total - x), slope=-1, color="0.6", ls=":", lw=1)
        axes.annotate(
            f"{-total:g}",
            (x, total - x),
            (2, 2 if from_left else -8),
            textcoords="offset points",
            color="0.4",
            fontsize=7,
        )
