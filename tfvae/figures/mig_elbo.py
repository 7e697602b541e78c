"""Whether runs that disentangle pay for it."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import comparison
from tfvae.figures.scatter_runs import scatter_runs
from tfvae.figures.style import new_figure


@comparison
def mig_elbo(
    elbos: np.ndarray,
    migs: np.ndarray,
    seeds: np.ndarray,
    objectives: list[str],
    run_names: list[str],
) -> Figure:
    """MIG against ELBO, as Chen et al. (2018) compare objectives.

    A point a run, with its seed beside it.

    Args:
        elbos: of each run, `[R]`, nats per image.
        migs: mutual information gap of each run, `[R]`.
        seeds: of each run, `[R]`.
        objectives: of each run, R names.
        run_names: R names.

    Returns:
        The figure.
    """
    drawn = new_figure(7.0, 4.6)
    axes = drawn.add_subplot()
    axes.margins(0.15)
    axes.set(xlabel="ELBO, nats", ylabel="MIG")
    for elbo, mig, seed in zip(elbos, migs, seeds, strict=True):
        axes.annotate(
            str(seed),
            (elbo, mig),
            (4, 4),
            textcoords="offset points",
            fontsize=7,
        )
    scatter_runs(axes, elbos, migs, objectives, run_names)
    drawn.suptitle("MIG against ELBO; the small numbers are seeds")
    return drawn
