"""Evidence lower bound."""

import math
from typing import Any

import numpy as np

from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric


@metric(fast=True, resampled=EVERY)
def elbo(
    nll: np.ndarray, latent_kl: np.ndarray, dimensions: int
) -> dict[str, Any]:
    """The bound on log p(x); Kingma & Welling (2014), eq. 3.

        elbo = mean over images of E_q[log p(x|z)] - KL(q(z|x) || p(z))

    Args:
        nll: -log p(x|z) of one sample of q(z|x) each, `[N]`, nats.
        latent_kl: KL of each latent, `[N, D]`, nats.
        dimensions: pixels times channels of an image.

    Returns:
        "elbo": nats per image. "bits_per_dimension": -elbo in bits, by
        dimension. "nll" and "kl": its parts, nats per image.

    Raises:
        ValueError: on arrays that do not match, or a NaN.

    >>> round(elbo([64.0], [[25.0]], 4096)["bits_per_dimension"], 4)
    0.0313
    """
    nll, latent_kl = np.asarray(nll), np.asarray(latent_kl)
    if latent_kl.ndim != 2 or nll.shape != latent_kl.shape[:1] or not nll.size:
        raise ValueError(
            "nll must be [N] and latent_kl [N, D] with the same N, at least 1. "
            f"Received: nll {nll.shape}, latent_kl {latent_kl.shape}"
        )
    if not (np.isfinite(nll).all() and np.isfinite(latent_kl).all()):
        raise ValueError("Terms must be finite. Received: NaN or infinity")
    nll, kl = np.mean(nll), np.mean(np.sum(latent_kl, axis=1))
    return {
        "elbo": float(-nll - kl),
        "bits_per_dimension": float((nll + kl) / (dimensions * math.log(2))),
        "nll": float(nll),
        "kl": float(kl),
    }
