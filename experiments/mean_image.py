"""The best that a decoder can do which ignores its latents."""

import numpy as np

from tfvae.data import Dataset

CHUNK = 10_000  # images at a time
SMALLEST = 1e-12  # probability of a pixel that no image has


def mean_image(dataset: Dataset) -> np.ndarray:
    """The mean of all images, `[H, W, C]` in [0, 1]."""
    total = np.zeros(dataset.image_shape)
    for start in range(0, dataset.size, CHUNK):
        indices = np.arange(start, min(start + CHUNK, dataset.size))
        total += dataset.images(indices).sum(axis=0, dtype=np.int64)
    return total / dataset.size / dataset.max_value


def constant_nll(images: np.ndarray, constant: np.ndarray) -> float:
    """Mean Bernoulli -log p of images when each is drawn as the same image.

    Over a whole data set none does better than its mean image, whose own
    entropy this is then.

    Args:
        images: `[N, H, W, C]` in [0, 1].
        constant: `[H, W, C]` in [0, 1].

    Returns:
        Nats per image.

    >>> images = np.reshape([0.0, 1.0, 0.0, 0.0], [2, 1, 2, 1])
    >>> round(constant_nll(images, images.mean(axis=0)), 4)  # log 2
    0.6931
    """
    p = np.clip(constant, SMALLEST, 1 - SMALLEST)
    log_likelihood = images * np.log(p) + (1 - images) * np.log1p(-p)
    return float(-log_likelihood.sum() / len(images))
