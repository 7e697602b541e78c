"""Mutual information gap."""

from typing import Any

import numpy as np

from tfvae import registry
from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics import nearest
from tfvae.metrics import posteriors
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric

BOOTSTRAP = 100  # for the standard error of the estimator "aggregate"


@metric(fast=True, resampled=EVERY)
def mig(
    codes: np.ndarray,
    factors: np.ndarray,
    estimator: str = "binned",
    bins: int = 20,
    *,
    log_vars: np.ndarray | None = None,
    samples: int = 10_000,
    neighbors: int = 10,
    seed: int = 0,
    progress: posteriors.Progress | None = None,
) -> dict[str, Any]:
    """Mutual information gap; Chen et al. (2018), eq. 6.

        mean over factors of (I(best code) - I(second best)) / H(factor)

    Three estimators of I are in use, and their scores do not compare:

    - "binned": codes are cut into `bins` bins of equal width between their
      extremes, as disentanglement_lib does. With fewer bins than a factor has
      values even a perfect code is below 1: 0.902 on dSprites with 20.
    - "aggregate": of samples of q(z|x), with q(z_d) and q(z_d|factor) exact
      mixtures over all images given, as Chen et al. do. Give the whole data
      set; they leave the shape of dSprites out (`factors[:, 1:]`).
    - "ksg": nearest neighbours (Ross, 2014), as the authors of InfoMEC do.

    Args:
        codes: `[N, D]`, one row an image (posterior means, say).
        factors: discrete, `[N, K]`.
        estimator: "binned", "aggregate" or "ksg".
        bins: bins of each code; for "binned".
        log_vars: natural logarithms of the posterior variances, `[N, D]`; for
            "aggregate".
        samples: draws from q(z); for "aggregate".
        neighbors: for "ksg".
        seed: of the draws of "aggregate" and the jitter of "ksg".
        progress: for "aggregate": told how much is done, of how much.

    Returns:
        "mig": the score in [0, 1]. "gaps": of each factor, `[K]`.
        "mutual_information": `[D, K]`, nats. "latents": the code that knows
        each factor best, `[K]`. "entropies": of the factors, `[K]`, nats. For
        "aggregate" also "standard_errors" of the draws.

    Raises:
        ValueError: on an unknown estimator, arrays that do not match, a NaN,
            a single code, a factor with one value, or "aggregate" without
            `log_vars`.

    >>> v = np.random.default_rng(0).integers(0, 4, [1000, 2])
    >>> round(mig(v.astype(float), v)["mig"], 2)
    1.0
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_codes(codes)
    if estimator == "binned":
        binned = information.discretize(codes, bins)
        matrix = information.mutual_information(binned, factors)
    elif estimator == "aggregate":
        codes, log_vars = checks.checked_posteriors(codes, log_vars)
        drawn = posteriors.aggregate(codes, log_vars, samples, seed, progress)
        return _gaps_of_draws(codes, log_vars, factors, drawn, seed)
    elif estimator == "ksg":
        matrix = nearest.mutual_information(codes, factors, neighbors, seed)
    else:
        raise registry.unknown_name(
            "estimator", estimator, ["aggregate", "binned", "ksg"]
        )
    return _gaps(matrix, factors)


def _gaps(matrix: np.ndarray, factors: np.ndarray) -> dict[str, Any]:
    ordered = np.sort(matrix, axis=0)[::-1]
    entropies = np.array([information.entropy(f) for f in factors.T])
    gaps = (ordered[0] - ordered[1]) / entropies
    return {
        "mig": float(gaps.mean()),
        "gaps": gaps,
        "mutual_information": matrix,
        "latents": matrix.argmax(axis=0),
        "entropies": entropies,
    }


def _gaps_of_draws(codes, log_vars, factors, drawn, seed) -> dict[str, Any]:
    """`_gaps` by the draws, and how far other draws would be off."""
    told = posteriors.information_of_draws(codes, log_vars, factors, drawn)
    rng = np.random.default_rng([seed, 1])
    again = [
        _gaps_of_means(told[rng.integers(len(told), size=len(told))], factors)
        for _ in range(BOOTSTRAP)
    ]
    return {
        **_gaps_of_means(told, factors),
        "standard_errors": {"mig": np.std([one["mig"] for one in again])},
    }


def _gaps_of_means(told, factors) -> dict[str, Any]:
    return _gaps(np.maximum(told.mean(axis=0), 0), factors)


@metric(rows="all")
def mig_aggregate(
    codes: np.ndarray,
    factors: np.ndarray,
    log_vars: np.ndarray,
    *,
    samples: int = 1000,
    seed: int = 0,
    progress: posteriors.Progress | None = None,
    aggregate: posteriors.Aggregate | None = None,
) -> dict[str, Any]:
    """`mig` with the estimator "aggregate", over the whole data set.

    Args:
        codes: posterior means, `[N, D]`.
        factors: discrete, `[N, K]`.
        log_vars: natural logarithms of the posterior variances, `[N, D]`.
        samples: draws from q(z).
        seed: of the draws.
        progress: told how much of q(z) is done, of how much.
        aggregate: the draws, if they are made already.

    Returns:
        As of `mig`, the score under "mig_aggregate".

    Raises:
        ValueError: as `mig`.

    >>> v = np.arange(40).reshape(-1, 1) % 4
    >>> codes = np.hstack([v, 0 * v]).astype(float)
    >>> log_vars = np.full(codes.shape, -9.0)
    >>> scores = mig_aggregate(codes, v, log_vars, samples=40)
    >>> round(scores["mig_aggregate"], 2)
    1.0
    """
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_codes(codes)
    codes, log_vars = checks.checked_posteriors(codes, log_vars)
    if aggregate is None:
        aggregate = posteriors.aggregate(
            codes, log_vars, samples, seed, progress
        )
    result = _gaps_of_draws(codes, log_vars, factors, aggregate, seed)
    errors = result.pop("standard_errors")
    return {
        "mig_aggregate": result.pop("mig"),
        **result,
        "standard_errors": {"mig_aggregate": errors["mig"]},
    }
