"""Which factors move which latents, and how."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.groups import mean_and_std
from tfvae.figures.latents import active_by_kl
from tfvae.figures.latents import latent_label
from tfvae.figures.latents import left_out
from tfvae.figures.style import line_style
from tfvae.figures.style import new_figure

MARKED = 10  # values of a factor, up to which each has a dot


@figure
def latent_responses(
    codes: np.ndarray,
    factors: np.ndarray,
    factor_names: list[str],
    latent_kl: np.ndarray,
    active: np.ndarray,
) -> Figure:
    """Mean code of each active latent at each value of each factor.

    A row a latent, by KL, on one axis; a column a factor. The band is one
    standard deviation of the codes of all images with that value: a latent
    that knows one factor alone has a steep line in a narrow band there, and
    flat lines in wide bands elsewhere. After `plot_latent_vs_true.py` in the
    code of Chen et al. (2018), github.com/rtqichen/beta-tcvae.

    Args:
        codes: posterior means, `[S, D]`.
        factors: `[S, K]`.
        factor_names: K names.
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.

    Returns:
        The figure, active latents by factors.

    Raises:
        ValueError: if no latent is active.
    """
    rows, columns = active_by_kl(latent_kl, active), len(factor_names)
    drawn = new_figure(1.0 + 1.7 * columns, 1.0 + 1.1 * len(rows))
    grid = drawn.subplots(
        len(rows), columns, sharex="col", sharey="row", squeeze=False
    )
    for column, name in enumerate(factor_names):
        _draw_column(grid[:, column], codes[:, rows], factors[:, column])
        grid[-1, column].set_xlabel(name)
    for axes, latent in zip(grid[:, 0], rows, strict=True):
        axes.set_ylabel(latent_label(latent, latent_kl).replace("  ", "\n"))
    drawn.suptitle(
        f"Mean code by factor, ± one standard deviation{left_out(active)}"
    )
    return drawn


def _draw_column(
    column: np.ndarray, codes: np.ndarray, factor: np.ndarray
) -> None:
    values, groups = np.unique(factor, return_inverse=True)
    mean, std = mean_and_std(codes, groups, len(values))
    marker = "o" if len(values) <= MARKED else ""
    for number, axes in enumerate(column):
        _draw(axes, values, mean[:, number], std[:, number], marker, number)


def _draw(axes: Axes, values, mean, std, marker, number) -> None:
    colour = line_style(number)["color"]
    axes.fill_between(
        values, mean - std, mean + std, color=colour, alpha=0.25, linewidth=0
    )
    axes.plot(values, mean, color=colour, marker=marker, markersize=3)
    axes.axhline(0, color="black", linewidth=0.5, zorder=0)
