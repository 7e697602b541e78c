"""A sparse Jacobian of the decoder."""

from dataclasses import dataclass

import tensorflow as tf

from tfvae import replicas
from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.schedules import Constant
from tfvae.schedules import Schedule


@OBJECTIVES.register("jacobian")
@dataclass(frozen=True)
class Jacobian(Objective):
    """The ELBO and the L1 norm of the decoder's Jacobian, as in "Diverse
    Dictionary Learning" (2026).

        loss = -E_q[log p(x|z)] + beta KL(q(z|x) || p(z))
               + sparsity sum_d |d mean image / d z_d|_1

    A step looks at one latent an image, at the next one for the next image and
    the next step, and multiplies by D: the mean over steps is the norm, at the
    cost of one more forward pass instead of D.

    Attributes:
        beta: price of the KL.
        sparsity: price of the norm, which is summed over pixels and latents.

    >>> Jacobian().sparsity
    Constant(value=0.05)
    """

    terms = ("loss", "nll", "kl", "jacobian")

    beta: Schedule = Constant(1.0)
    sparsity: Schedule = Constant(0.05)

    def __call__(self, forward, step):
        nll, kl = forward.nll(), forward.kl()  # [B], as is the norm
        norm = jacobian_norm(forward.decode, forward.z, step)
        loss = nll + self.beta(step) * kl + self.sparsity(step) * norm
        return {"loss": loss, "nll": nll, "kl": kl, "jacobian": norm}


def jacobian_norm(decode, z: tf.Tensor, step) -> tf.Tensor:
    """sum_d |d decode(z) / d z_d|_1, from one latent of each image.

    Args:
        decode: from latents `[B, D]` to images `[B, H, W, C]`.
        z: latents `[B, D]`.
        step: image i of the global batch looks at latent i + step, modulo D.

    Returns:
        `[B]`, exact in the mean over D steps.

    >>> weights = tf.constant([[1.0, -2.0], [3.0, 0.0]])
    >>> norms = [jacobian_norm(lambda z: z @ weights, tf.zeros([1, 2]), step)
    ...          for step in (0, 1)]
    >>> (sum(norms) / 2).numpy().tolist()
    [6.0]
    """
    size, dim = tf.shape(z)[0], z.shape[1]
    first, _ = replicas.share(size)
    latent = (first + tf.range(size) + tf.cast(step, tf.int32)) % dim
    direction = tf.one_hot(latent, dim, dtype=z.dtype)
    with tf.autodiff.ForwardAccumulator(z, direction) as derivative:
        images = decode(z)
    change = tf.abs(derivative.jvp(images))
    return dim * tf.reduce_sum(change, range(1, change.shape.rank))
