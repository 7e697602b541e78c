"""Mutual information gap."""

from typing import Any

import numpy as np

from tfvae import registry
from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics import nearest
from tfvae.metrics import posteriors
from tfvae.metrics.base import metric


@metric(fast=True, interval=True)
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
        each factor best, `[K]`. "entropies": of the factors, `[K]`, nats.

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
        matrix = posteriors.mutual_information(
            codes, log_vars, factors, samples, seed, progress
        )
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


@metric(rows="all")
def mig_aggregate(
    codes: np.ndarray,
    factors: np.ndarray,
    log_vars: np.ndarray,
    *,
    samples: int = 1000,
    seed: int = 0,
    progress: posteriors.Progress | None = None,
) -> dict[str, Any]:
    """`mig` with the estimator "aggregate", over the whole data set.

    >>> v = np.arange(40).reshape(-1, 1) % 4
    >>> codes = np.hstack([v, 0 * v]).astype(float)
    >>> log_vars = np.full(codes.shape, -9.0)
    >>> scores = mig_aggregate(codes, v, log_vars, samples=40)
    >>> round(scores["mig_aggregate"], 2)
    1.0
    """
    result = mig(
        codes,
        factors,
        "aggregate",
        log_vars=log_vars,
        samples=samples,
        seed=seed,
        progress=progress,
    )
    return {"mig_aggregate": result.pop("mig"), **result}
