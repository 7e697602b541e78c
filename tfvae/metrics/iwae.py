"""Importance-weighted log-likelihood."""

import math
from typing import Any

import numpy as np
from scipy.special import logsumexp

from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(resampled=EVERY)
def iwae(log_weights: np.ndarray) -> dict[str, Any]:
    """A tighter bound on log p(x); Burda et al. (2016), eq. 8.

        mean over images of log 1/S sum_s p(x|z_s) p(z_s) / q(z_s|x)

    It grows with S to log p(x); with S = 1 it is the ELBO.

    Args:
        log_weights: log p(x|z_s) + log p(z_s) - log q(z_s|x) of S samples of
            q(z|x) for each image, `[N, S]`, nats.

    Returns:
        "iwae": nats per image. "effective_samples": how many of the S count,
        mean over images of (sum w)^2 / sum w^2.

    Raises:
        ValueError: on an array that is not a matrix, or a NaN.

    >>> round(iwae(np.log([[1.0, 3.0]]))["iwae"], 4)  # log 2
    0.6931
    """
    log_weights = np.asarray(log_weights, np.float64)
    if log_weights.ndim != 2 or not log_weights.size:
        raise ValueError(
            f"Log weights must be [N, S], none 0. Received: {log_weights.shape}"
        )
    if not np.isfinite(log_weights).all():
        raise ValueError("Weights must be finite. Received: NaN or infinity")
    total = logsumexp(log_weights, axis=1)
    effective = np.exp(2 * total - logsumexp(2 * log_weights, axis=1))
    return {
        "iwae": float(np.mean(total - math.log(log_weights.shape[1]))),
        "effective_samples": float(effective.mean()),
    }
