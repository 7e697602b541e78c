"""Mutual information gap of the codes."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def mig_sup(
    codes: np.ndarray, factors: np.ndarray, *, bins: int = 20
) -> dict[str, Any]:
    """How much more a code knows of one factor than of any other; MIG-sup of
    Li et al. (2020, "Progressive learning and disentanglement of hierarchical
    representations").

        mean over codes of S(best factor) - S(second best)
        where S = I(code, factor) / H(factor)

    The mutual information gap asks whether a factor is in one code; this asks
    whether a code has one factor. A code that knows nothing, such as a
    constant one, scores 0 and counts: three factors in three of ten codes
    score 0.3 at best. The authors' program averages over codes whose means
    have a variance above 0.01: "gaps" has what that takes.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`.
        bins: bins of each code, of equal width.

    Returns:
        "mig_sup": the mean over all codes, in [0, 1]. "gaps": of each code,
        `[D]`. "factors": the factor each code knows best, `[D]`.
        "mutual_information": `[D, K]`, nats. "entropies": of the factors,
        `[K]`, nats.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single factor, or a
            factor with one value.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> round(mig_sup(v.astype(float), v)["mig_sup"], 6)
    1.0
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_factors(factors)
    matrix = information.mutual_information(
        information.discretize(codes, bins), factors
    )
    entropies = np.array([information.entropy(f) for f in factors.T])
    shares = matrix / entropies
    ordered = np.sort(shares, axis=1)
    gaps = ordered[:, -1] - ordered[:, -2]
    return {
        "mig_sup": float(gaps.mean()),
        "gaps": gaps,
        "factors": shares.argmax(axis=1),
        "mutual_information": matrix,
        "entropies": entropies,
    }
