"""Mutual information gap."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics.base import metric


@metric(fast=True, interval=True)
def mig(
    codes: np.ndarray, factors: np.ndarray, *, bins: int = 20
) -> dict[str, Any]:
    """Mutual information gap; Chen et al. (2018), eq. 6, binned estimator.

        mean over factors of (I(best code) - I(second best)) / H(factor)

    Codes are cut into bins of equal width, as disentanglement_lib does.

    Args:
        codes: `[N, D]`, one row an image (posterior means, say).
        factors: discrete, `[N, K]`.
        bins: bins of each code.

    Returns:
        "mig": the score in [0, 1]. "gaps": of each factor, `[K]`.
        "mutual_information": `[D, K]`, nats. "latents": the code that knows
        each factor best, `[K]`. "entropies": of the factors, `[K]`, nats.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single code, or a
            factor with one value.

    >>> v = np.random.default_rng(0).integers(0, 4, [1000, 2])
    >>> round(mig(v.astype(float), v)["mig"], 2)
    1.0
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_codes(codes)
    information_matrix = information.mutual_information(
        information.discretize(codes, bins), factors
    )
    ordered = np.sort(information_matrix, axis=0)[::-1]
    entropies = np.array([information.entropy(f) for f in factors.T])
    gaps = (ordered[0] - ordered[1]) / entropies
    return {
        "mig": float(gaps.mean()),
        "gaps": gaps,
        "mutual_information": information_matrix,
        "latents": information_matrix.argmax(axis=0),
        "entropies": entropies,
    }
