"""InfoVAE: the aggregate posterior matched to the prior by its MMD."""

import math
from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.replicas import gather
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@OBJECTIVES.register("info")
@dataclass(frozen=True)
class Info(Objective):
    """InfoVAE; Zhao et al. (2019), eq. 6, with the MMD as divergence.

        loss = -E_q[log p(x|z)] + (1 - alpha) KL(q(z|x) || p(z))
               + (alpha + mmd_weight - 1) MMD(q(z) || p(z))

    alpha = 1 is the MMD-VAE, whose codes cost nothing but what the MMD asks.
    The kernel is exp(-|z - z'|^2 / (2 bandwidth)). Its means under the prior
    are known in closed form, so that no draw of the prior is needed; those
    under q(z) are over the pairs of the global batch, unbiased, so that the
    estimate may be below 0.

    Attributes:
        alpha: 0 keeps the KL of the VAE, 1 drops it.
        mmd_weight: lambda, the price of the MMD.
        bandwidth: squared length of the kernel; None for D, about half of the
            mean squared distance of two draws of the prior.

    >>> Info(alpha=1.0).mmd_weight
    Constant(value=1000.0)
    """

    terms = ("loss", "nll", "kl", "mmd")

    alpha: Schedule = Constant(0.0)
    mmd_weight: Schedule = Constant(1000.0)
    bandwidth: float | None = None

    def __post_init__(self):
        super().__post_init__()
        if self.bandwidth is not None and not self.bandwidth > 0:
            raise ValueError(
                "Argument `bandwidth` must be > 0. "
                f"Received: bandwidth={self.bandwidth}"
            )

    def for_dataset(self, size, batch_size=64):
        """Itself; a batch without pairs is refused."""
        if batch_size < 2:
            raise ValueError(
                "The MMD needs pairs of images, a batch of at least 2. "
                f"Received: batch_size={batch_size}"
            )
        return self

    def __call__(self, forward, step):
        alpha, weight = self.alpha(step), self.mmd_weight(step)
        nll, kl = forward.nll(), forward.kl()  # [B], [B]
        divergence = mmd(gather(forward.z), self.bandwidth)
        loss = nll + (1 - alpha) * kl + (alpha + weight - 1) * divergence
        return {"loss": loss, "nll": nll, "kl": kl, "mmd": divergence}


def mmd(z: tf.Tensor, bandwidth: float | None = None) -> tf.Tensor:
    """Squared maximum mean discrepancy of samples and the standard Gaussian.

    Args:
        z: samples `[B, D]`.
        bandwidth: s^2 of the kernel exp(-|z - z'|^2 / (2 s^2)); None for D.

    Returns:
        An unbiased estimate, a scalar: from the pairs of samples, and in
        closed form where the prior is concerned.

    >>> z = tf.random.stateless_normal([2000, 3], [0, 0])
    >>> abs(float(mmd(z))) < 1e-3 < float(mmd(2 * z))
    True
    """
    dim = z.shape[1]
    s2 = bandwidth or float(dim)
    norms = tf.reduce_sum(z**2, 1)
    products = tf.matmul(z, z, transpose_b=True)
    distances = norms[:, tf.newaxis] + norms - 2 * products
    kernel = tf.exp(-tf.nn.relu(distances) / (2 * s2))
    size = tf.cast(tf.shape(z)[0], z.dtype)
    pairs = tf.reduce_sum(kernel) - tf.linalg.trace(kernel)
    within = tf.math.divide_no_nan(pairs, size * (size - 1))
    across = (s2 / (1 + s2)) ** (dim / 2) * tf.exp(-norms / (2 * (1 + s2)))
    prior = math.pow(s2 / (2 + s2), dim / 2)
    return within - 2 * tf.reduce_mean(across) + prior
