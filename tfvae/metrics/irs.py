"""Interventional robustness score."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def irs(
    codes: np.ndarray,
    factors: np.ndarray,
    *,
    quantile: float = 0.99,
    factor_bins: int | None = 20,
) -> dict[str, Any]:
    """How little a code moves while its factor is held; Suter et al. (2019),
    sec. 4 and 5.

        robustness of code d under factor k =
            1 - mean over values v of k: quantile of |z_d - E[z_d | v]|
                / max |z_d - E[z_d]|

    The score is the mean over codes of the best factor's robustness, weighted
    by the codes' largest deviations. Constant codes are left out; without any
    other the score is 0.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`.
        quantile: of the deviations; 1 takes the largest.
        factor_bins: factors are cut into so many bins of equal width, as
            disentanglement_lib does; None leaves them as they are, which gives
            a perfect code 1 even where factors have more values than bins.

    Returns:
        "irs": the score in [0, 1]. "codes": the best factor's robustness of
        each code, `[D]`, NaN where constant. "factors": that factor, `[D]`, -1
        where constant. "robustness": `[D, K]`.

    Raises:
        ValueError: on arrays that do not match, a NaN, a factor with one
            value, or a quantile out of (0, 1].

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> irs(v * 1.0, v)["irs"]
    1.0
    """
    if not 0 < quantile <= 1:
        raise ValueError(
            "Argument `quantile` must be in (0, 1]. "
            f"Received: quantile={quantile}"
        )
    codes, factors = checks.checked(codes, factors)
    if factor_bins is not None:
        factors = information.discretize(factors, factor_bins)
    largest = np.abs(codes - codes.mean(axis=0)).max(axis=0)
    varies = codes.min(axis=0) < codes.max(axis=0)
    robustness = np.full([codes.shape[1], factors.shape[1]], np.nan)
    for k, factor in enumerate(factors.T):
        moved = _deviation(codes[:, varies], factor, quantile)
        robustness[varies, k] = 1 - moved / largest[varies]
    best = robustness.max(axis=1)
    score = 0.0
    if varies.any():
        score = float(np.average(best[varies], weights=largest[varies]))
    return {
        "irs": score,
        "codes": best,
        "factors": np.where(varies, robustness.argmax(axis=1), -1),
        "robustness": robustness,
    }


def _deviation(codes, factor, quantile) -> np.ndarray:
    """Quantile of each code's deviation within a value, mean over values."""
    groups = [codes[factor == value] for value in np.unique(factor)]
    return np.mean(
        [
            np.quantile(np.abs(group - group.mean(axis=0)), quantile, axis=0)
            for group in groups
        ],
        axis=0,
    )
