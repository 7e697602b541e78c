"""How far the posteriors of one latent overlap, in numbers."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import norm

NEAREST = 0.1  # of all pairs of images, which are neighbours
GRID = 2001  # points of a density
REACH = 5  # stddevs beyond the outermost means


class Overlap(NamedTuple):
    """What `measure` finds.

    Attributes:
        width: s, the geometric mean of the posteriors' standard deviations.
        share: s over the standard deviation of the aggregate posterior.
        distance: d, which one in ten pairs of codes is closer than.
        coefficient: the area that two Gaussians of width s share at distance d.
        values: how many values the latent can tell apart.
    """

    width: float
    share: float
    distance: float
    coefficient: float
    values: float


def measure(codes: np.ndarray, stddevs: np.ndarray) -> Overlap:
    """All numbers of one latent.

    Args:
        codes: posterior means, `[S]`.
        stddevs: of the posteriors, `[S]`.
    """
    width = np.exp(np.log(stddevs).mean())
    spread = np.sqrt(codes.var() + np.square(stddevs).mean())
    distance = np.quantile(pdist(codes[:, np.newaxis]), NEAREST)
    return Overlap(
        width,
        width / spread,
        distance,
        overlap_coefficient(distance, width),
        values_told_apart(codes, stddevs),
    )


def overlap_coefficient(distance: float, width: float) -> float:
    """The area that two Gaussians of one width share: 2 Phi(-d / (2 s)).

    Args:
        distance: d, between their means.
        width: s, the standard deviation of each.

    >>> round(overlap_coefficient(2, 1), 4), overlap_coefficient(0, 1)
    (0.3173, 1.0)
    """
    return float(2 * norm.cdf(-distance / (2 * width)))


def aggregate(
    codes: np.ndarray, stddevs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The aggregate posterior: z and q(z), `[G]` each.

    Args:
        codes: posterior means, `[S]`.
        stddevs: of the posteriors, `[S]`.
    """
    lowest = (codes - REACH * stddevs).min()
    highest = (codes + REACH * stddevs).max()
    z = np.linspace(lowest, highest, GRID)
    return z, norm.pdf(z[:, np.newaxis], codes, stddevs).mean(axis=1)


def values_told_apart(codes: np.ndarray, stddevs: np.ndarray) -> float:
    """exp I(z; image): as many equally likely values could be told for sure.

    I is the entropy of the aggregate posterior less the mean entropy of a
    posterior. The KL is I plus the KL of the aggregate posterior from the
    prior, so this is at most exp(KL).

    Args:
        codes: posterior means, `[S]`.
        stddevs: of the posteriors, `[S]`.

    >>> codes, stddevs = np.repeat([-9.0, 0.0, 9.0], 4), np.full(12, 0.5)
    >>> round(values_told_apart(codes, stddevs), 3)
    3.0
    """
    z, density = aggregate(codes, stddevs)
    surprise = -np.log(np.where(density > 0, density, 1))
    of_aggregate = np.trapezoid(density * surprise, z)
    of_posterior = np.log(stddevs).mean() + norm.entropy()
    return float(np.exp(of_aggregate - of_posterior))
