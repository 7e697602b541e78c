"""How the latents of several runs emerge."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import comparison
from tfvae.figures.histories import emergence
from tfvae.figures.histories import latent_paths
from tfvae.figures.histories import steps
from tfvae.figures.kl_paths import draw_paths
from tfvae.figures.labels import plain
from tfvae.figures.panels import panels
from tfvae.figures.style import thousands

ACROSS = 3  # panels in a row


@comparison
def kl_paths_compared(
    histories: list[Mapping[str, np.ndarray]],
    run_names: list[str],
    *,
    threshold: float = 0.1,
) -> Figure:
    """KL of each latent over the steps, run by run on the same axes.

    As `kl_paths` draws them. The n-th latent to emerge has the same colour in
    each run, whatever its number.

    Args:
        histories: of R runs, each with the columns "step", "kl/0", "kl/1", ...
        run_names: R names.
        threshold: nats, above which a latent has to stay.

    Returns:
        The figure, a panel a run.

    Raises:
        ValueError: if a history has no rows or no KL of single latents.
    """
    drawn, grid = panels(len(run_names), ACROSS, width=3.6, height=2.5)
    last = max(steps(history)[-1] for history in histories)
    highest = max(np.nanmax(latent_paths(one)) for one in histories)
    grid[0].set(xlim=(0, 1.05 * last), ylim=(0, 1.05 * highest))
    thousands(grid[0])
    for axes, history, name in zip(grid, histories, run_names, strict=True):
        paths = latent_paths(history)
        draw_paths(axes, steps(history), paths, emergence(paths, threshold))
        axes.set_title(plain(name), fontsize=9)
    drawn.supxlabel("step", fontsize=9)
    drawn.supylabel("KL, nats", fontsize=9)
    drawn.suptitle(
        f"KL of each latent; at the dot it rises above {threshold:g} nats to "
        "stay"
    )
    return drawn
