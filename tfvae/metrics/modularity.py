"""Modularity."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def modularity(
    codes: np.ndarray, factors: np.ndarray, *, bins: int = 20
) -> dict[str, Any]:
    """Whether each code knows one factor alone; Ridgeway & Mozer (2018), eq. 2.

        mean over codes of 1 - sum_{k != best} I(code, k)^2
                               / (I(code, best)^2 (K - 1))

    A code that knows nothing, such as a constant one, scores 0. A code of
    noise knows what its sampling error makes of it, and scores above 0.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`.
        bins: bins of each code, of equal width.

    Returns:
        "modularity": the mean over all codes, in [0, 1]. "codes": of each
        code, `[D]`. "mutual_information": `[D, K]`, nats.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single factor, or a
            factor with one value.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> round(modularity(v.astype(float), v)["modularity"], 6)
    1.0
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_factors(factors)
    matrix = information.mutual_information(
        information.discretize(codes, bins), factors
    )
    squares = matrix**2
    best = squares.max(axis=1)
    others = squares.sum(axis=1) - best
    worst = best * (factors.shape[1] - 1)  # all factors known alike
    share = np.divide(others, worst, out=np.ones_like(best), where=worst > 0)
    return {
        "modularity": float(np.mean(1 - share)),
        "codes": 1 - share,
        "mutual_information": matrix,
    }
