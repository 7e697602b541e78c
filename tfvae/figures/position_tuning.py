"""Where in the image each latent looks."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.groups import mean_and_std
from tfvae.figures.latents import active_by_kl
from tfvae.figures.latents import latent_label
from tfvae.figures.latents import left_out
from tfvae.figures.panels import panels
from tfvae.figures.style import DIVERGING
from tfvae.figures.style import INACTIVE

ACROSS = 5  # maps in a row


@figure
def position_tuning(
    codes: np.ndarray,
    factors: np.ndarray,
    factor_names: list[str],
    latent_kl: np.ndarray,
    active: np.ndarray,
    *,
    x: str = "posX",
    y: str = "posY",
) -> Figure:
    """Mean code of each active latent at each position.

    After Burgess et al. (2018), Fig. 2. Latents by KL, all on one scale that
    is white at 0; y goes down, as in the image. A position without an image is
    grey. Each cell is a mean over few images of all other factors, about 10
    where 10,000 images are spread over 32 by 32 positions, so a latent of
    another factor looks noisy.

    Args:
        codes: posterior means, `[S, D]`.
        factors: `[S, K]`.
        factor_names: K names.
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        x: name of the factor that moves things across.
        y: name of the factor that moves things down.

    Returns:
        The figure, a map each active latent and a colour bar.

    Raises:
        ValueError: if no latent is active, or x or y is not a factor.
    """
    order = active_by_kl(latent_kl, active)
    across = _factor(factors, factor_names, x)
    down = _factor(factors, factor_names, y)
    xs, ys, maps = _maps(codes[:, order], across, down)
    limit = np.nanmax(np.abs(maps))
    drawn, grid = panels(len(order), ACROSS, width=1.7, height=1.8)
    for axes, latent, values in zip(grid, order, maps, strict=True):
        image = axes.pcolormesh(
            xs, ys, values, cmap=DIVERGING, vmin=-limit, vmax=limit
        )
        axes.set(box_aspect=1, facecolor=INACTIVE)
        axes.set_title(latent_label(latent, latent_kl), fontsize=9)
    grid[0].invert_yaxis()  # shared by all
    drawn.supxlabel(x, fontsize=9)
    drawn.supylabel(y, fontsize=9)
    drawn.colorbar(image, ax=grid, label="mean code", aspect=15)
    drawn.suptitle(f"Mean code by position{left_out(active)}")
    return drawn


def _factor(factors, factor_names, name) -> np.ndarray:
    if name not in factor_names:
        raise ValueError(
            f"There is no factor {name!r} that varies; the factors are "
            f"{', '.join(factor_names)}."
        )
    return factors[:, list(factor_names).index(name)]


def _maps(codes, across, down) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values of x, values of y, and mean codes `[D, Y, X]`."""
    xs, column = np.unique(across, return_inverse=True)
    ys, row = np.unique(down, return_inverse=True)
    cells = row * len(xs) + column
    mean, _ = mean_and_std(codes, cells, len(ys) * len(xs))
    return xs, ys, mean.T.reshape(-1, len(ys), len(xs))
