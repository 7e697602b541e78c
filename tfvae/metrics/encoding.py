"""From a model and a data set to the arrays that metrics ask for."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

BATCH_SIZE = 512


def encode(
    model: keras.Model,
    dataset,
    indices: np.ndarray,
    progress: Callable[[int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means and log variances of images, each encoded once.

    Args:
        model: a `tfvae.VAE`.
        dataset: a `tfvae.data.Dataset`.
        indices: which images, `[N]`.
        progress: told how many images were done.

    Returns:
        Two float32 arrays `[N, D]`.
    """
    encoder = tf.function(model.encode, reduce_retracing=True)
    batches = []
    for images in dataset.in_order(indices, BATCH_SIZE):
        batches.append([part.numpy() for part in encoder(images)])
        if progress:
            progress(len(images))
    means, log_vars = (
        np.concatenate(parts) for parts in zip(*batches, strict=True)
    )
    return means, log_vars


def reconstruction(
    model: keras.Model, dataset, indices: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """-log p(x|z) at one sample of z, and the KL of each latent.

    Returns:
        Two float32 arrays `[N]` and `[N, D]`, nats.
    """

    @tf.function(reduce_retracing=True)
    def one_batch(images, batch):
        forward = model.infer(images, seed=tf.stack([seed, batch]))
        return forward.nll(), forward.latent_kl()

    batches = [
        one_batch(images, tf.constant(number))
        for number, images in enumerate(dataset.in_order(indices, BATCH_SIZE))
    ]
    nll, latent_kl = (
        np.concatenate(parts) for parts in zip(*batches, strict=True)
    )
    return nll, latent_kl


def log_weights(
    model: keras.Model, dataset, indices: np.ndarray, samples: int, seed: int
) -> np.ndarray:
    """log p(x|z) + log p(z) - log q(z|x) at samples z of q(z|x).

    Returns:
        Float32 `[N, samples]`, nats.
    """

    @tf.function(reduce_retracing=True)
    def one_sample(images, batch, sample):
        noise = tf.stack([seed + batch, sample])
        forward = model.infer(images, seed=noise)
        prior = forward.prior.log_prob(forward.z)
        return prior - forward.posterior.log_prob(forward.z) - forward.nll()

    batches = []
    for number, images in enumerate(dataset.in_order(indices, BATCH_SIZE)):
        draws = [
            one_sample(images, tf.constant(number), tf.constant(sample))
            for sample in range(samples)
        ]
        batches.append(np.stack(draws, axis=1))
    return np.concatenate(batches)
