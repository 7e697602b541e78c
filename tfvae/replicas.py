"""Means, gathers and noise over the global batch, on one replica or many.

Inside `strategy.run` each replica holds a share of the global batch; outside of
it these functions see the whole batch and change nothing.
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


def share(local_size: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Where this replica's images begin in the global batch, and its size.

    The last batch of an epoch may be shared unequally.

    Args:
        local_size: images on this replica.

    Returns:
        (first row, global size), two integer scalars.
    """
    context = _context()
    if context is None:
        return tf.zeros_like(local_size), local_size
    sizes = context.all_gather(tf.reshape(local_size, [1]), axis=0)
    before = sizes[: context.replica_id_in_sync_group]
    return tf.reduce_sum(before), tf.reduce_sum(sizes)


def part_of_mean(values: tf.Tensor) -> tf.Tensor:
    """What this replica's `[B]` adds to the mean over the global batch.

    The parts of all replicas sum to the mean, as Keras sums their gradients;
    that of no images is 0.
    """
    _, global_size = share(tf.shape(values)[0])
    return tf.math.divide_no_nan(
        tf.reduce_sum(values), tf.cast(global_size, values.dtype)
    )


def global_mean(values: tf.Tensor) -> tf.Tensor:
    """Mean over the global batch of values `[B]`; gradients flow through."""
    part = part_of_mean(values)
    context = _context()
    return context.all_reduce("SUM", part) if context else part


def halves(values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Every other of this replica's rows of the global batch, and the rest.

    One replica and many agree on which rows are in which half. A row alone is
    in both: convolutions take no empty batch.
    """
    size = tf.shape(values)[0]
    first, _ = share(size)
    start = tf.where(size > 1, first % 2, 0)
    return values[start::2], values[tf.minimum(1 - start, size - 1) :: 2]


def gather(values: tf.Tensor) -> tf.Tensor:
    """Concatenate `[B, ...]` of every replica; gradients flow through."""
    context = _context()
    if context is None:
        return values
    everywhere = context.all_gather(values, axis=0)
    everywhere = tf.ensure_shape(everywhere, [None, *values.shape[1:]])
    return _with_dense_gradient(everywhere)


@tf.custom_gradient
def _with_dense_gradient(values: tf.Tensor):
    """The gradient of an `all_gather` takes no `IndexedSlices`."""
    return tf.identity(values), tf.convert_to_tensor


def in_keras_logs(value: tf.Tensor) -> tf.Tensor:
    """A scalar in the shape that Keras takes from a step.

    With several hosts Keras takes the mean of the logs over their first
    dimension, which a scalar does not have.
    """
    several = several_hosts(tf.distribute.get_strategy())
    return tf.reshape(value, [1]) if several else value


def several_hosts(strategy: tf.distribute.Strategy) -> bool:
    """Whether other processes train with this one."""
    multi = tf.distribute.MultiWorkerMirroredStrategy
    return isinstance(strategy, multi) and bool(
        strategy.cluster_resolver.task_type
    )


def on_any_host(here: bool, strategy: tf.distribute.Strategy) -> bool:
    """Whether something is so on any host; all of them have to ask."""
    if not several_hosts(strategy):
        return here
    return bool(strategy.reduce("SUM", tf.constant(int(here)), axis=None) > 0)


def noise(local_size: tf.Tensor, dim: int, seed: tf.Tensor) -> tf.Tensor:
    """Standard normal noise for this replica's share of the global batch.

    The noise of the global batch is a pure function of the seed, and every
    replica takes its own rows of it, so that one replica and many see the same.

    Args:
        local_size: images on this replica.
        dim: latent size.
        seed: two integers.

    Returns:
        `[local_size, dim]`, float32.
    """
    first, global_size = share(local_size)
    # a fixed algorithm: the default one depends on the device
    rows = tf.random.stateless_normal([global_size, dim], seed, alg="philox")
    return rows[first : first + local_size]
