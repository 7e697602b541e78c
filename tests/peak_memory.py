"""The peak memory of the gradient of q(z)'s estimate, in a process of its own.

A process knows its highest peak alone, which in that of the tests is another
test's.
"""

import multiprocessing
import re
from pathlib import Path

import tensorflow as tf

from tests.oracles import forward_of
from tfvae import aggregate

BATCH_SIZE = 1024
LATENT_DIM = 32
WHOLE = 4 * BATCH_SIZE**2 * LATENT_DIM  # bytes of all pairs


def peak() -> int:
    """Bytes, of this process so far."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))


def differentiate(batch_size: int) -> None:
    """Estimate q(z) at a batch and take the gradient, compiled."""
    posteriors = tf.zeros([batch_size, LATENT_DIM])
    images = tf.zeros([batch_size, 2, 2, 1])

    @tf.function
    def gradient(mean, log_var):
        with tf.GradientTape() as tape:
            tape.watch(mean)
            forward = forward_of(mean, log_var, 1.0, images, images)
            estimates = aggregate.log_aggregate_posterior(
                forward, "MWS", batch_size
            )
        return tape.gradient(estimates, mean)

    gradient(posteriors, posteriors)


def measure() -> tuple[int, int, int]:
    """The peaks before, after blocks, and after all pairs at once."""
    differentiate(batch_size=8)  # what TensorFlow loads is there from now on
    before = peak()
    aggregate.PAIRS_BUDGET = WHOLE // 32
    differentiate(BATCH_SIZE)
    in_blocks = peak()
    aggregate.PAIRS_BUDGET = WHOLE
    differentiate(BATCH_SIZE)
    return before, in_blocks, peak()


def in_a_process() -> tuple[int, int, int]:
    """What `measure` gives."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(measure)
