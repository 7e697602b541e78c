"""Means, gathers and noise over the global batch, on one replica or many.

Inside `strategy.run` each replica holds an equal share of the global batch;
outside of it these functions see the whole batch and change nothing.
"""

import tensorflow as tf


def _context():
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return None
    return context


def count() -> int:
    """How many replicas share the global batch."""
    context = _context()
    return context.num_replicas_in_sync if context else 1


def first_row(local_batch_size: tf.Tensor) -> tf.Tensor:
    """Where this replica's share begins in the global batch."""
    context = _context()
    if context is None:
        return tf.zeros_like(local_batch_size)
    return local_batch_size * context.replica_id_in_sync_group


def global_mean(values: tf.Tensor) -> tf.Tensor:
    """Mean over the global batch of values `[B]`; gradients flow through."""
    mean = tf.reduce_mean(values)
    context = _context()
    return context.all_reduce("MEAN", mean) if context else mean


def gather(values: tf.Tensor) -> tf.Tensor:
    """Concatenate `[B, ...]` of every replica; gradients flow through."""
    context = _context()
    return context.all_gather(values, axis=0) if context else values


def normal(batch_size: tf.Tensor, dim: int, seed: tf.Tensor) -> tf.Tensor:
    """Standard normal noise for this replica's share of the global batch.

    The noise of the global batch is a pure function of the seed, and every
    replica takes its own rows of it, so that one replica and many see the same.

    Args:
        batch_size: images on this replica.
        dim: latent size.
        seed: two integers.

    Returns:
        `[batch_size, dim]`, float32.
    """
    # a fixed algorithm: the default one depends on the device
    noise = tf.random.stateless_normal(
        [batch_size * count(), dim], seed, alg="philox"
    )
    start = first_row(batch_size)
    return noise[start : start + batch_size]
