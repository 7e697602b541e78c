"""Closed forms and small worlds with known answers."""

import numpy as np
import tensorflow as tf
from scipy.special import logsumexp
from scipy.stats import norm

from tfvae import variational
from tfvae.likelihoods import Bernoulli
from tfvae.variational import Forward


def random_forward(
    seed: int = 0, batch_size: int = 6, latent_dim: int = 3
) -> Forward:
    """A pass with random posteriors, images and outputs."""
    rng = np.random.default_rng(seed)
    mean, log_var, noise = rng.normal(size=[3, batch_size, latent_dim]).astype(
        "float32"
    )
    x = rng.integers(0, 2, [batch_size, 4, 4, 1]).astype("float32")
    outputs = rng.normal(size=x.shape).astype("float32")
    return forward_of(mean, log_var, noise, x, outputs)


def forward_of(mean, log_var, noise, x, outputs) -> Forward:
    """A pass from plain arrays."""
    posterior = variational.posterior(
        tf.convert_to_tensor(mean), tf.convert_to_tensor(log_var)
    )
    return Forward(
        x=tf.convert_to_tensor(x),
        z=posterior.mean() + posterior.stddev() * noise,
        posterior=posterior,
        prior=variational.prior(mean.shape[-1]),
        likelihood=Bernoulli()(tf.convert_to_tensor(outputs)),
        decode=lambda z: tf.sigmoid(z @ tf.ones([mean.shape[-1], 4])),
    )


class Aggregate:
    """A data set of N Gaussian posteriors whose q(z) is known exactly."""

    def __init__(self, size: int = 50, latent_dim: int = 2, seed: int = 0):
        rng = np.random.default_rng(seed)
        self.size = size
        self.mean = rng.normal(size=[size, latent_dim])
        self.stddev = rng.uniform(0.3, 1.0, [size, latent_dim])
        noise = rng.normal(size=[size, latent_dim])
        self.z = self.mean + self.stddev * noise  # one sample each

    def log_density(self, z) -> np.ndarray:
        """log q(z_id|x_jd) for all images j: `[B, N, D]`."""
        return norm.logpdf(z[:, None], self.mean, self.stddev)

    def log_qz(self, z) -> np.ndarray:
        """log q(z), `[B]`."""
        joint = self.log_density(z).sum(2)
        return logsumexp(joint, axis=1) - np.log(self.size)

    def log_prod_qz(self, z) -> np.ndarray:
        """log prod_d q(z_d), `[B]`."""
        each = logsumexp(self.log_density(z), axis=1) - np.log(self.size)
        return each.sum(1)

    def forward(self, rows) -> Forward:
        """The pass over some of the images, with the samples `z`."""
        mean, stddev, z = (
            a[rows].astype("float32") for a in (self.mean, self.stddev, self.z)
        )
        x = np.zeros([len(rows), 2, 2, 1], "float32")
        return forward_of(mean, 2 * np.log(stddev), (z - mean) / stddev, x, x)
