"""Why fewer nats mean wider posteriors that overlap with their neighbours."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import norm

from tfvae.figures import overlap
from tfvae.figures.base import figure
from tfvae.figures.labels import label_right
from tfvae.figures.latents import active_by_kl
from tfvae.figures.style import INACTIVE
from tfvae.figures.style import line_style
from tfvae.figures.style import logarithmic
from tfvae.figures.style import new_figure

SAMPLE = 2000  # images, at most: the sums are over images times a grid


@figure
def posterior_overlap(
    codes: np.ndarray,
    stddevs: np.ndarray,
    latent_kl: np.ndarray,
    active: np.ndarray,
    *,
    shown: int = 3,
) -> Figure:
    """How wide posteriors are, and how far those of neighbours overlap.

    After Burgess et al. (2018), Fig. 1: a higher price of the KL widens the
    posteriors until they overlap, which costs least where neighbours in the
    latent look alike. Of the first 2,000 images, for each active latent:

        s        width: geometric mean of the posteriors' standard deviations
        d        distance of neighbours: one in ten pairs of codes is closer
        overlap  2 Phi(-d / (2 s)), the area that two Gaussians share
        values   exp I(z; image), how many the latent can tell apart

    Left, for the latents of highest KL: two posteriors of width s at distance
    d, over the aggregate posterior (grey) and the prior (dotted). Right: s over
    the standard deviation of the aggregate posterior, against the KL. A latent
    is on the dotted line exp(-KL) where its aggregate posterior has mean 0 and
    variance 1. Above it, nats are spent on an aggregate that is not the prior:
    a latent that pays with a small s alone carries nothing, and is at 1.

    Args:
        codes: posterior means, `[S, D]`.
        stddevs: of the posteriors, `[S, D]`.
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        shown: how many latents are on the left, at most.

    Returns:
        The figure, its last axes on the right.

    Raises:
        ValueError: if no latent is active, or there are fewer than two images.
    """
    order = active_by_kl(latent_kl, active)
    if len(codes) < 2:
        raise ValueError("A single image has no neighbour.")
    codes, stddevs = codes[:SAMPLE, order], stddevs[:SAMPLE, order]
    measured = [
        overlap.measure(*latent)
        for latent in zip(codes.T, stddevs.T, strict=True)
    ]
    rows = min(shown, len(order))
    drawn = new_figure(11.0, 1.0 + 1.3 * max(rows, 2))
    grid = drawn.add_gridspec(rows, 2)
    left = [drawn.add_subplot(grid[row, 0]) for row in range(rows)]
    for row, axes in enumerate(left):
        axes.sharex(left[0])
        _draw_pair(axes, codes[:, row], stddevs[:, row], measured[row], row)
        axes.set_title(_words(order[row], measured[row]), fontsize=9)
        axes.label_outer()
    left[-1].set_xlabel("z")
    _draw_shares(drawn.add_subplot(grid[:, 1]), order, latent_kl, measured)
    drawn.suptitle(
        "Overlap of neighbouring posteriors\n"
        "width s, distance d: one pair of images in ten is closer"
    )
    return drawn


def _words(latent: int, measured: overlap.Overlap) -> str:
    return (
        f"z{latent}: s = {measured.width:.2g}, d = {measured.distance:.2g}, "
        f"overlap {measured.coefficient:.0%}"
    )


def _draw_pair(axes: Axes, codes, stddevs, measured, number) -> None:
    """Two typical posteriors about the median code, all of one height."""
    z, density = overlap.aggregate(codes, stddevs)
    axes.fill_between(z, density / density.max(), color=INACTIVE, alpha=0.35)
    axes.plot(z, norm.pdf(z) / density.max(), ":", color="black", linewidth=1)
    colour = line_style(number)["color"]
    ways = np.linspace(-4, 4, 201)
    height = norm.pdf(ways) / norm.pdf(0)
    for side in (-0.5, 0.5):
        centre = np.median(codes) + side * measured.distance
        z = centre + measured.width * ways
        axes.plot(z, height, color=colour)
        axes.fill_between(z, height, color=colour, alpha=0.3)
    axes.set(yticks=[], ylim=(0, None))


def _draw_shares(axes: Axes, order, latent_kl, measured) -> None:
    kl = latent_kl[order]
    shares = [numbers.share for numbers in measured]
    colours = [line_style(number)["color"] for number in range(len(order))]
    line = np.linspace(0, 1.1 * kl.max(), 101)
    axes.plot(line, np.exp(-line), ":", color="black")
    axes.scatter(kl, shares, color=colours)
    logarithmic(axes)
    axes.set_xlabel("KL, nats")
    axes.set_ylabel("s / standard deviation\nof the aggregate posterior")
    texts = [
        f"z{latent}: overlap {numbers.coefficient:.0%}, "
        f"{numbers.values:.3g} values"
        for latent, numbers in zip(order, measured, strict=True)
    ]
    label_right(
        axes,
        [*zip(kl, shares, strict=True), (line[-1], np.exp(-line[-1]))],
        [*texts, "exp(-KL)"],
        [*colours, "black"],
    )
