"""How far the codes are from independent, without any factor."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import information
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def unsupervised(codes: np.ndarray, *, bins: int = 20) -> dict[str, Any]:
    """How far the codes are from independent; the unsupervised scores of
    Locatello et al. (2019). Lower is nearer to independent.

    With C the covariance of the codes and V its diagonal alone:

        total correlation        (log det V - log det C) / 2, in nats
        Wasserstein correlation  2 tr C - 2 tr sqrt(C V); normalised: / tr C
        mutual information       mean over pairs of binned codes, in nats

    The first two are those of a Gaussian with that covariance. Constant codes
    are left out of the total correlation, where disentanglement_lib returns
    NaN; it is infinite where one code is linear in the others. As there,
    constant codes count in the mean of the mutual information, with 0: many
    idle codes make it small.

    Args:
        codes: `[N, D]`, one row an image.
        bins: bins of each code, of equal width.

    Returns:
        "gaussian_total_correlation", "wasserstein_correlation",
        "wasserstein_correlation_normalized" and "mutual_information": scores
        from 0 up; 0 of a single code and of constant ones. "covariance" and
        "mutual_informations": of every pair of codes, `[D, D]`.

    Raises:
        ValueError: on codes that are not `[N, D]` with 2 rows, or a NaN.

    >>> codes = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> round(unsupervised(codes)["gaussian_total_correlation"], 6)
    0.0
    """
    codes = checks.checked_codes(codes)
    centred = codes - codes.mean(axis=0)
    # rounding gives a constant code a little variance
    centred[:, codes.min(axis=0) == codes.max(axis=0)] = 0
    covariance = centred.T @ centred / (len(codes) - 1)
    variance = np.trace(covariance)
    distance = _wasserstein_correlation(centred, covariance)
    cut = information.discretize(codes, bins)
    informations = information.mutual_information(cut, cut)
    off_diagonal = informations[~np.eye(len(informations), dtype=bool)]
    return {
        "gaussian_total_correlation": _total_correlation(covariance),
        "wasserstein_correlation": distance,
        "wasserstein_correlation_normalized": (
            float(distance / variance) if variance > 0 else 0.0
        ),
        "mutual_information": (
            float(off_diagonal.mean()) if off_diagonal.size else 0.0
        ),
        "covariance": covariance,
        "mutual_informations": informations,
    }


def _total_correlation(covariance: np.ndarray) -> float:
    varies = np.diag(covariance) > 0
    if not varies.any():
        return 0.0
    deviations = np.sqrt(np.diag(covariance)[varies])
    # of the correlations, the diagonal's determinant is 1
    correlations = covariance[np.ix_(varies, varies)]
    correlations = correlations / np.outer(deviations, deviations)
    if np.linalg.matrix_rank(correlations, hermitian=True) < len(correlations):
        return float("inf")
    # rounding may leave it a little below 0
    return max(0.0, float(-np.linalg.slogdet(correlations)[1] / 2))


def _wasserstein_correlation(centred, covariance) -> float:
    deviations = np.sqrt(np.diag(covariance))
    # its singular values are the roots of the eigenvalues of C V, and exact
    # to small ones, as the eigenvalues are not
    scaled = centred * deviations / np.sqrt(len(centred) - 1)
    distance = 2 * np.trace(covariance) - 2 * np.linalg.norm(scaled, "nuc")
    # rounding may leave it a little below 0
    return max(0.0, float(distance))
