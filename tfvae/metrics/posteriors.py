"""The exact aggregate posterior q(z) = 1/N sum_n q(z|x_n) of a table of
Gaussian posteriors, in bounded memory."""

import math
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tfvae import machine

Progress = Callable[[int, int], None]


class Aggregate(NamedTuple):
    """Draws from q(z), and its densities there.

    Attributes:
        z: `[S, D]`.
        images: which image each was drawn from, `[S]`.
        joint: log q(z), `[S]`, nats.
        marginals: log q(z_d), `[S, D]`, nats.
    """

    z: np.ndarray
    images: np.ndarray
    joint: np.ndarray
    marginals: np.ndarray


def aggregate(
    means: np.ndarray,
    log_vars: np.ndarray,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> Aggregate:
    """Draw from q(z) with `sample` and measure it with `log_aggregate`."""
    z, images = sample(means, log_vars, samples, seed)
    return Aggregate(z, images, *log_aggregate(z, means, log_vars, progress))


def sample(
    means: np.ndarray, log_vars: np.ndarray, samples: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw from q(z), each image at most once as long as there are enough.

    Args:
        means: `[N, D]`.
        log_vars: natural logarithms of the variances, `[N, D]`.
        samples: S, how many.
        seed: of the draw.

    Returns:
        z float32 `[S, D]`, and which image each came from, `[S]`.
    """
    if samples < 1:
        raise ValueError(
            "Argument `samples` must be at least 1. "
            f"Received: samples={samples}"
        )
    rng = np.random.default_rng(seed)
    images = rng.choice(len(means), samples, replace=samples > len(means))
    noise = rng.standard_normal([samples, means.shape[1]])
    z = means[images] + np.exp(log_vars[images] / 2) * noise
    return z.astype(np.float32), images


def log_density(z, means, log_vars) -> np.ndarray:
    """log q(z_d|x) of each sample under one posterior each, `[S, D]`, nats."""
    squares = np.square(z - means) * np.exp(-log_vars)
    return -0.5 * (squares + log_vars + math.log(2 * math.pi))


def log_aggregate(
    z: np.ndarray,
    means: np.ndarray,
    log_vars: np.ndarray,
    progress: Progress | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """log q(z) and log q(z_d), q being the mean of all N posteriors.

    Args:
        z: `[S, D]`.
        means: `[N, D]`.
        log_vars: `[N, D]`.
        progress: told how many pairs (sample, posterior) are done, of how
            many.

    Returns:
        Two float64 arrays, `[S]` and `[S, D]`, nats.
    """
    joint = np.full(len(z), -np.inf)
    each = np.full(z.shape, -np.inf)
    # latents first, so that a latent's numbers lie side by side
    z, means, log_vars = (
        np.ascontiguousarray(np.transpose(a), np.float32)
        for a in (z, means, log_vars)
    )
    on_gpu = bool(tf.config.list_physical_devices("GPU"))
    kernel, samples, posteriors = GPU if on_gpu else CPU
    done = 0
    parts = [
        (some, rows)
        for rows in _chunks(means.shape[1], posteriors)
        for some in _chunks(z.shape[1], samples)
    ]

    def sums(part):
        some, rows = part
        return kernel(z[:, some], means[:, rows], log_vars[:, rows])

    # numpy lets go of the interpreter in long loops: a thread a core
    with ThreadPool(1 if on_gpu else machine.cores()) as threads:
        for (some, rows), (one, many) in zip(
            parts, threads.imap(sums, parts), strict=True
        ):
            joint[some] = np.logaddexp(joint[some], one)
            each[some] = np.logaddexp(each[some], np.transpose(many))
            done += z[:, some].shape[1] * means[:, rows].shape[1]
            if progress:
                progress(done, z.shape[1] * means.shape[1])
    size = math.log(means.shape[1])
    return joint - size, each - size


def information_of_draws(
    means: np.ndarray,
    log_vars: np.ndarray,
    factors: np.ndarray,
    drawn: Aggregate,
) -> np.ndarray:
    """What each draw tells of each factor; the mean over draws is I(z_d; v).

        log q(z_d|value of the factor) - log q(z_d),

    both mixtures over all the images concerned.

    Args:
        means: `[N, D]`.
        log_vars: `[N, D]`.
        factors: discrete, `[N, K]`.
        drawn: S draws from q(z).

    Returns:
        `[S, D, K]`, nats.
    """
    columns = []
    for factor in factors.T:
        values = factor[drawn.images]
        conditional = np.empty_like(drawn.marginals)
        for value in np.unique(values):
            ours, rows = values == value, factor == value
            _, conditional[ours] = log_aggregate(
                drawn.z[ours], means[rows], log_vars[rows]
            )
        columns.append(conditional - drawn.marginals)
    return np.stack(columns, axis=2)


def _chunks(size: int, length: int) -> list[slice]:
    return [slice(i, i + length) for i in range(0, size, length)]


def _log_sums(z, means, log_vars) -> tuple[np.ndarray, np.ndarray]:
    """Sums over posteriors of q(z|x) `[S]` and q(z_d|x) `[D, S]`, as logs.

    Latent by latent in arrays that fit the processor's cache: several times as
    fast as TensorFlow's compiled graph on a CPU.

    Args:
        z: `[D, S]`.
        means: `[D, N]`.
        log_vars: `[D, N]`.
    """
    joint = np.zeros([z.shape[1], means.shape[1]], np.float32)
    each = np.empty(z.shape, np.float32)
    for d, samples in enumerate(z):
        density = samples[:, np.newaxis] - means[d]
        density *= _scale(log_vars[d], np.exp)
        np.square(density, out=density)
        np.subtract(_peak(log_vars[d]), density, out=density)
        joint += density
        each[d] = _log_sum_exp(density)
    return _log_sum_exp(joint), each


def _log_sum_exp(values: np.ndarray) -> np.ndarray:
    """Over the last axis; overwrites `values`."""
    largest = values.max(axis=1, keepdims=True)
    np.subtract(values, largest, out=values)
    np.exp(values, out=values)
    return np.log(values.sum(axis=1)) + largest[:, 0]


@tf.function(reduce_retracing=True)
def _log_sums_on_gpu(z, means, log_vars):
    """`_log_sums` in one piece."""
    differences = z[:, :, tf.newaxis] - means[:, tf.newaxis]
    squares = tf.square(differences * _scale(log_vars, tf.exp)[:, tf.newaxis])
    densities = _peak(log_vars)[:, tf.newaxis] - squares  # [D, S, N]
    joint = tf.reduce_logsumexp(tf.reduce_sum(densities, 0), 1)
    return joint, tf.reduce_logsumexp(densities, 2)


def _scale(log_vars, exp):
    return exp(-0.5 * log_vars) * np.float32(math.sqrt(0.5))


def _peak(log_vars):
    return -0.5 * (log_vars + np.float32(math.log(2 * math.pi)))


# (sums, samples, posteriors): how many pairs are in memory at once
CPU = _log_sums, 16, 4096
GPU = _log_sums_on_gpu, 256, 16_384
