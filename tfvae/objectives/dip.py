"""DIP-VAE: the covariance of the codes drawn towards the identity."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.replicas import gather
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@dataclass(frozen=True)
class DIP(Objective):
    """Base class: what the two share, all but the covariance."""

    terms = ("loss", "nll", "kl", "off_diagonal_penalty", "diagonal_penalty")

    off_diagonal: Schedule = Constant(10.0)
    diagonal: Schedule = Constant(10.0)

    def covariance(self, forward) -> tf.Tensor:
        """C over the global batch, `[D, D]`."""
        raise NotImplementedError

    def __call__(self, forward, step):
        nll, kl = forward.nll(), forward.kl()  # [B], [B]
        c = self.covariance(forward)
        variances = tf.linalg.diag_part(c)
        beside = tf.reduce_sum(c**2) - tf.reduce_sum(variances**2)
        on = tf.reduce_sum((variances - 1) ** 2)
        loss = (
            nll
            + kl
            + self.off_diagonal(step) * beside
            + self.diagonal(step) * on
        )
        return {
            "loss": loss,
            "nll": nll,
            "kl": kl,
            "off_diagonal_penalty": beside,
            "diagonal_penalty": on,
        }


@OBJECTIVES.register("DIP-I")
@dataclass(frozen=True)
class DIPI(DIP):
    """DIP-VAE-I; Kumar et al. (2018), eq. 6.

        loss = -E_q[log p(x|z)] + KL(q(z|x) || p(z))
               + off_diagonal sum_{i != j} C_ij^2
               + diagonal sum_i (C_ii - 1)^2,    C = Cov_x[mean of q(z|x)]

    C is that of the global batch, divided by B and not by B - 1, as in
    disentanglement_lib, whose ratio of the two weights is the default.

    >>> DIPI(off_diagonal=5).diagonal
    Constant(value=100.0)
    """

    diagonal: Schedule = Constant(100.0)

    def covariance(self, forward):
        return _covariance(forward.posterior.mean())


@OBJECTIVES.register("DIP-II")
@dataclass(frozen=True)
class DIPII(DIP):
    """DIP-VAE-II; Kumar et al. (2018), eq. 7.

        loss = -E_q[log p(x|z)] + KL(q(z|x) || p(z))
               + off_diagonal sum_{i != j} C_ij^2
               + diagonal sum_i (C_ii - 1)^2,    C = Cov_q(z)[z]

    C is the covariance of the codes themselves: that of the means plus the mean
    of the variances, over the global batch.

    >>> DIPII().diagonal
    Constant(value=10.0)
    """

    def covariance(self, forward):
        within = tf.reduce_mean(gather(forward.posterior.variance()), 0)
        return _covariance(forward.posterior.mean()) + tf.linalg.diag(within)


def _covariance(means: tf.Tensor) -> tf.Tensor:
    means = gather(means)
    centred = means - tf.reduce_mean(means, 0)
    size = tf.cast(tf.shape(means)[0], means.dtype)
    return tf.matmul(centred, centred, transpose_a=True) / size
