"""From a model and a data set to the arrays that metrics ask for."""

import functools
import hashlib
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

BATCH_SIZE = 512


def encode(
    model: keras.Model,
    dataset,
    indices: np.ndarray,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means and log variances of images, each encoded once.

    Args:
        model: a `tfvae.VAE`.
        dataset: a `tfvae.data.Dataset`.
        indices: which images, `[N]`.
        progress: told how many images are done, of how many.

    Returns:
        Two float32 arrays `[N, D]`.

    Raises:
        ValueError: if the model is for images of another shape.
    """
    check_image_shape(model, dataset)
    encoder = compiled(model, _posteriors)
    # in the order they are stored, which is the fastest to read
    order = np.argsort(indices)
    codes = np.empty([2, len(order), model.latent_dim], np.float32)
    done = 0
    for images in dataset.in_order(np.asarray(indices)[order], BATCH_SIZE):
        rows = order[done : done + len(images)]
        codes[:, rows] = [part.numpy() for part in encoder(images)]
        done += len(images)
        if progress:
            progress(done, len(order))
    return codes[0], codes[1]


def check_image_shape(model: keras.Model, dataset) -> None:
    """Raise `ValueError` if the model is for images of another shape."""
    if tuple(model.image_shape) != tuple(dataset.image_shape):
        raise ValueError(
            f"The model is for images {tuple(model.image_shape)}. "
            f"Received: {dataset!r} with images {tuple(dataset.image_shape)}"
        )


def compiled(model: keras.Model, function: Callable) -> Callable:
    """`function(model, ...)` as a graph, traced once a model.

    Training measures the same model many times.
    """
    graphs = vars(model).setdefault("_graphs", {})  # not Keras's to track
    if function not in graphs:
        graphs[function] = tf.function(
            functools.partial(function, model), reduce_retracing=True
        )
    return graphs[function]


def _posteriors(model, images):
    return model.encode(images)


def fingerprint(model: keras.Model) -> str:
    """The weights in 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for weight in model.weights:
        digest.update(np.asarray(weight).tobytes())
    return digest.hexdigest()[:16]


def reconstruction(
    model: keras.Model, dataset, indices: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """-log p(x|z) at one sample of z, and the KL of each latent.

    Returns:
        Two float32 arrays `[N]` and `[N, D]`, nats.
    """
    one_batch = compiled(model, _reconstructions)
    batches = [
        one_batch(images, tf.constant([seed, number]))
        for number, images in enumerate(dataset.in_order(indices, BATCH_SIZE))
    ]
    nll, latent_kl = (
        np.concatenate(parts) for parts in zip(*batches, strict=True)
    )
    return nll, latent_kl


def _reconstructions(model, images, seed):
    forward = model.infer(images, seed)
    return forward.nll(), forward.latent_kl()


def log_weights(
    model: keras.Model, dataset, indices: np.ndarray, samples: int, seed: int
) -> np.ndarray:
    """log p(x|z) + log p(z) - log q(z|x) at samples z of q(z|x).

    Returns:
        Float32 `[N, samples]`, nats.
    """
    one_batch = compiled(model, _log_weights)
    rng = np.random.default_rng(seed)
    batches = []
    for images in dataset.in_order(indices, BATCH_SIZE):
        seeds = rng.integers(2**31, size=[samples, 2]).astype(np.int32)
        batches.append(one_batch(images, tf.constant(seeds)).numpy().T)
    return np.concatenate(batches)


def _log_weights(model, images, seeds):
    forward = model.infer(images, seed=seeds[0])
    prior, posterior = forward.prior, forward.posterior

    def log_weight(noise_seed):
        noise = tf.random.stateless_normal(tf.shape(forward.z), noise_seed)
        z = posterior.mean() + posterior.stddev() * noise
        log_likelihood = model.likelihood_given(z).log_prob(images)
        return log_likelihood + prior.log_prob(z) - posterior.log_prob(z)

    return tf.map_fn(log_weight, seeds, fn_output_signature=tf.float32)
