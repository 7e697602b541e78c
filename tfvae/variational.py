"""From plain tensors to q(z|x) and p(z), and the record of one pass."""

from collections.abc import Callable
from typing import Any
from typing import NamedTuple

import tensorflow as tf
import tensorflow_probability as tfp

tfd = tfp.distributions


class Forward(NamedTuple):
    """One pass through the model: all that an objective may look at.

    Attributes:
        x: images, `[B, H, W, C]` in [0, 1].
        z: a sample of the posterior, `[B, D]`.
        posterior: q(z|x), event shape `[D]`.
        prior: p(z), event shape `[D]`.
        likelihood: p(x|z), event shape `[H, W, C]`.
        decode: from latents `[B, D]` to mean images `[B, H, W, C]`.
        companion: what the objective learns or remembers beside the model.
    """

    x: tf.Tensor
    z: tf.Tensor
    posterior: tfd.Distribution
    prior: tfd.Distribution
    likelihood: tfd.Distribution
    decode: Callable[[tf.Tensor], tf.Tensor] | None = None
    companion: Any = None

    def nll(self) -> tf.Tensor:
        """-log p(x|z) summed over pixels and channels: `[B]`, nats."""
        return -self.likelihood.log_prob(self.x)

    def kl(self) -> tf.Tensor:
        """KL(q(z|x) || p(z)), in closed form: `[B]`, nats."""
        return self.posterior.kl_divergence(self.prior)

    def latent_kl(self) -> tf.Tensor:
        """The KL of each latent; they sum to `kl()`: `[B, D]`, nats."""
        latents = self.posterior.distribution
        return latents.kl_divergence(self.prior.distribution)


def posterior(mean: tf.Tensor, log_var: tf.Tensor) -> tfd.Distribution:
    """q(z|x), a diagonal Gaussian.

    Args:
        mean: `[B, D]`.
        log_var: natural logarithm of the variance, `[B, D]`.
    """
    return tfd.Independent(tfd.Normal(mean, tf.exp(0.5 * log_var)), 1)


def prior(latent_dim: int) -> tfd.Distribution:
    """p(z), the standard Gaussian of event shape `[latent_dim]`."""
    return tfd.Independent(
        tfd.Normal(tf.zeros(latent_dim), tf.ones(latent_dim)), 1
    )
