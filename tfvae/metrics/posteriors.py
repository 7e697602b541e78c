"""The exact aggregate posterior q(z) = 1/N sum_n q(z|x_n) of a table of
Gaussian posteriors, in bounded memory."""

import math
from collections.abc import Callable
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

# pairs that are in memory at once: 64 MB of float32 a latent at most
SAMPLES = 64
POSTERIORS = 8192

Progress = Callable[[int], None]


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
        progress: told how many pairs (sample, posterior) were done.

    Returns:
        Two float64 arrays, `[S]` and `[S, D]`, nats.
    """
    joint = np.full(len(z), -np.inf)
    each = np.full(z.shape, -np.inf)
    for rows in _chunks(len(means), POSTERIORS):
        mean, log_var, weights = _padded(means[rows], log_vars[rows])
        for some in _chunks(len(z), SAMPLES):
            size = len(z[some])
            short = SAMPLES - size
            samples = np.pad(z[some], [[0, short], [0, 0]]).astype(np.float32)
            sums = _log_sums(samples, mean, log_var, weights)
            one, many = (s.numpy()[:size] for s in sums)
            joint[some] = np.logaddexp(joint[some], one)
            each[some] = np.logaddexp(each[some], many)
            if progress:
                progress(size * len(means[rows]))
    return joint - math.log(len(means)), each - math.log(len(means))


def mutual_information(
    means: np.ndarray,
    log_vars: np.ndarray,
    factors: np.ndarray,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> np.ndarray:
    """I(z_d; factor) of sampled codes with each factor.

        mean over samples of log q(z_d|value of the factor) - log q(z_d),

    both mixtures over all the images concerned; at least 0.

    Args:
        means: `[N, D]`.
        log_vars: `[N, D]`.
        factors: discrete, `[N, K]`.
        samples: S, draws from q(z).
        seed: of the draws.
        progress: told how many pairs (sample, posterior) were done.

    Returns:
        `[D, K]`, nats.
    """
    z, images = sample(means, log_vars, samples, seed)
    _, marginal = log_aggregate(z, means, log_vars, progress)
    columns = []
    for factor in factors.T:
        conditional = np.empty_like(marginal)
        for value in np.unique(factor[images]):
            ours, rows = factor[images] == value, factor == value
            _, conditional[ours] = log_aggregate(
                z[ours], means[rows], log_vars[rows], progress
            )
        columns.append((conditional - marginal).mean(axis=0))
    return np.maximum(np.stack(columns, axis=1), 0)


def _chunks(size: int, length: int) -> Iterator[slice]:
    for start in range(0, size, length):
        yield slice(start, start + length)


def _padded(means, log_vars):
    """One shape for all, so that the sums are compiled once; log weights."""
    short = [[0, POSTERIORS - len(means)], [0, 0]]
    weights = np.zeros(POSTERIORS, np.float32)
    weights[len(means) :] = -np.inf
    means, log_vars = (
        np.pad(a, short).astype(np.float32) for a in (means, log_vars)
    )
    return means, log_vars, weights


@tf.function(jit_compile=True, reduce_retracing=True)
def _log_sums(z, means, log_vars, weights):
    """Sums over posteriors of q(z|x) `[S]` and q(z_d|x) `[S, D]`, as logs."""
    z, means, log_vars = (tf.transpose(a) for a in (z, means, log_vars))
    scale = tf.exp(-0.5 * log_vars) * math.sqrt(0.5)
    peak = -0.5 * (log_vars + math.log(2 * math.pi))
    # [D, S, N]; XLA fuses all of it into the sums
    squares = tf.square((z[:, :, None] - means[:, None]) * scale[:, None])
    densities = peak[:, None] - squares
    joint = tf.reduce_logsumexp(tf.reduce_sum(densities, 0) + weights, 1)
    each = tf.reduce_logsumexp(densities + weights, 2)
    return joint, tf.transpose(each)
