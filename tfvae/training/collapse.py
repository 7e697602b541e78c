"""Latents that are paid for and say nothing."""

from typing import NamedTuple

import numpy as np

KL = 1.0  # nats; below it the posteriors have merely collapsed to the prior
SHARE = 0.1  # of the KL, that may be about the image
SPREAD = 0.01  # of the images' variance, that reconstructions may have


class Signs(NamedTuple):
    """What tells whether the KL of a model buys anything.

    Attributes:
        kl: mean KL, nats per image.
        information: an upper bound on I(x; z), nats.
        spread: variance of the reconstructions from image to image, as a share
            of that of the images.
    """

    kl: float
    information: float
    spread: float

    @property
    def collapsed(self) -> bool:
        """Whether the KL is high, not about the image, and every image is
        reconstructed as one and the same."""
        return (
            self.kl > KL
            and self.information < SHARE * self.kl
            and self.spread < SPREAD
        )


def signs(
    means: np.ndarray,
    log_vars: np.ndarray,
    reconstructions: np.ndarray,
    images: np.ndarray,
) -> Signs:
    """Look at a batch for the collapse that an averaged reconstruction brings.

    Where a reconstruction term is averaged over pixels, gamma |KL - C| is all
    that counts: the KL follows C through means and variances that are the same
    for every image, and the decoder draws the mean image. The bound on the
    information is that of a Gaussian with the variance of q(z_j), whose entropy
    is the largest (Cover & Thomas, 2006, theorem 8.6.5):

        I(x; z) <= sum_j (log(Var mean_j + E var_j) - E log var_j) / 2

    Args:
        means: of q(z|x), `[N, D]`.
        log_vars: its log variances, `[N, D]`.
        reconstructions: from the means, `[N, H, W, C]`.
        images: `[N, H, W, C]`.

    >>> means, log_vars = np.full([8, 2], 2.0), np.zeros([8, 2])
    >>> images = np.random.default_rng(0).random([8, 4, 4, 1])
    >>> drawn = np.broadcast_to(images.mean(axis=0), images.shape)
    >>> seen = signs(means, log_vars, drawn, images)
    >>> seen.kl, seen.information, seen.collapsed
    (4.0, 0.0, True)
    """
    means, log_vars = means.astype(np.float64), log_vars.astype(np.float64)
    variances = np.exp(log_vars)
    kl = (np.square(means) + variances - log_vars - 1) / 2
    aggregate = means.var(axis=0) + variances.mean(axis=0)
    information = (np.log(aggregate) - log_vars.mean(axis=0)) / 2
    drawn, given = (np.var(a, axis=0).mean() for a in (reconstructions, images))
    return Signs(
        kl=float(kl.sum(axis=1).mean()),
        information=float(information.sum()),
        spread=float(drawn / given) if given else 1.0,
    )
