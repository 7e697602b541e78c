"""Weak supervision: what two images share has one posterior."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae.data.pairs import Pairs
from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.replicas import gather
from tfvae.replicas import share
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@dataclass(frozen=True)
class Ada(Objective):
    """Base class: what the two share, all but the average."""

    beta: Schedule = Constant(1.0)
    changed: int = 1

    def for_dataset(self, size, batch_size=64):
        """Itself; an odd batch size is refused."""
        if batch_size % 2:
            raise ValueError(
                "Pairs need an even batch size. "
                f"Received: batch_size={batch_size}"
            )
        return self

    def seen(self, dataset):
        """Pairs of its images."""
        return Pairs(dataset, self.changed)

    def average(self, mean, var, other_mean, other_var):
        """Mean and variance of what two posteriors have in common, `[B, D]`."""
        raise NotImplementedError

    def adapted(self, mean, log_var):
        """With one posterior for each latent that two images share."""
        partner, is_first = _partners(mean)
        var = tf.exp(log_var)
        other_mean = tf.gather(gather(mean), partner)
        other_var = tf.gather(gather(var), partner)
        one = mean, var
        two = other_mean, other_var
        kl = tf.where(is_first, _kl(*one, *two), _kl(*two, *one))  # [B, D]
        highest = tf.reduce_max(kl, 1, keepdims=True)
        lowest = tf.reduce_min(kl, 1, keepdims=True)
        shared = kl < (highest + lowest) / 2
        common_mean, common_var = self.average(*one, *two)
        return (
            tf.where(shared, common_mean, mean),
            tf.where(shared, tf.math.log(common_var), log_var),
        )

    def __call__(self, forward, step):
        nll, kl = forward.nll(), forward.kl()  # [B], [B]
        loss = nll + self.beta(step) * kl
        return {"loss": loss, "nll": nll, "kl": kl}


@OBJECTIVES.register("ada-GVAE")
@dataclass(frozen=True)
class AdaGVAE(Ada):
    """Ada-GVAE; Locatello et al. (2020), eq. 4 to 6.

        loss = -E_q'[log p(x|z)] + beta KL(q'(z|x) || p(z))

    A batch holds pairs of images, 2i and 2i + 1, and in q' the latents that the
    two share have one posterior: the average of their means, and of their
    variances. Shared are those whose KL between the two is below the middle of
    the highest and the lowest. In your own code give `fit` such batches; an
    image without a partner keeps its posterior.

    Attributes:
        beta: price of the KL.
        changed: factors in which the two images of a pair may differ.

    >>> AdaGVAE(changed=2).beta
    Constant(value=1.0)
    """

    def average(self, mean, var, other_mean, other_var):
        return (mean + other_mean) / 2, (var + other_var) / 2


@OBJECTIVES.register("ada-ML-VAE")
@dataclass(frozen=True)
class AdaMLVAE(Ada):
    """Ada-ML-VAE; Locatello et al. (2020), sec. 3, after Bouchacourt et al.
    (2018).

    As `AdaGVAE`, but what is shared has the product of the two posteriors, of
    the mean precision, as in disentanglement_lib.

    Attributes:
        beta: price of the KL.
        changed: factors in which the two images of a pair may differ.

    >>> AdaMLVAE().changed
    1
    """

    def average(self, mean, var, other_mean, other_var):
        common = 2 / (1 / var + 1 / other_var)
        return (mean / var + other_mean / other_var) * common / 2, common


def _partners(mean: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Row of each image's partner in the global batch `[B]`, and whether the
    image is the first of the two, `[B, 1]`."""
    size = tf.shape(mean)[0]
    first, global_size = share(size)
    row = first + tf.range(size)
    partner = row + 1 - 2 * (row % 2)
    alone = partner >= global_size
    return tf.where(alone, row, partner), (row % 2 == 0)[:, tf.newaxis]


def _kl(mean, var, other_mean, other_var) -> tf.Tensor:
    """KL of two Gaussians, `[B, D]`."""
    ratio = var / other_var
    square = (mean - other_mean) ** 2 / other_var
    return (ratio + square - 1 - tf.math.log(ratio)) / 2
