"""From a data set to shuffled batches."""

from functools import lru_cache

import numpy as np
import tensorflow as tf


@lru_cache(maxsize=4)
def epoch_order(size: int, seed: int, epoch: int) -> np.ndarray:
    """The permutation of `range(size)` that one epoch follows, int64."""
    order = np.random.default_rng([seed, epoch]).permutation(size)
    order.flags.writeable = False  # it is cached
    return order


def batch_indices(
    size: int, batch_size: int, seed: int, step: int
) -> np.ndarray:
    """Which images the batch of a step holds, int64 `[batch_size]`.

    Batches run on over the end of an epoch, so that none is short.

    >>> batches = [batch_indices(6, 3, seed=0, step=step) for step in (0, 1)]
    >>> np.sort(np.concatenate(batches)).tolist()
    [0, 1, 2, 3, 4, 5]
    """
    positions = np.arange(step * batch_size, (step + 1) * batch_size)
    epochs, places = np.divmod(positions, size)
    return np.concatenate(
        [
            epoch_order(size, seed, int(epoch))[places[epochs == epoch]]
            for epoch in np.unique(epochs)
        ]
    )


def batches(
    dataset, batch_size: int, seed: int, start_step: int
) -> tf.data.Dataset:
    """The body of `Dataset.batches`."""
    _check(batch_size, seed, start_step)
    stored = dataset.stored

    def gather(step):
        indices = batch_indices(len(stored), batch_size, seed, int(step))
        return stored[indices]

    def load(step):
        # numpy gathers the rows: a tensor of them would double the memory
        rows = tf.numpy_function(gather, [step], stored.dtype, stateful=False)
        rows = tf.ensure_shape(rows, (batch_size, *stored.shape[1:]))
        images = tf.cast(dataset.decode(rows), tf.float32) / dataset.max_value
        return tf.ensure_shape(images, (batch_size, *dataset.image_shape))

    # a few batches ahead of the model; the order stays
    ahead = tf.data.Dataset.counter(start_step).map(load).prefetch(4)
    return ahead.with_options(_options())


def _options() -> tf.data.Options:
    options = tf.data.Options()
    # nothing here is tuned, and the end of `fit` would wait for the tuner's
    # next round, some seconds
    options.autotune.enabled = False
    return options


def _check(batch_size: int, seed: int, start_step: int) -> None:
    for name, value, low in (
        ("batch_size", batch_size, 1),
        ("seed", seed, 0),
        ("start_step", start_step, 0),
    ):
        if value < low:
            raise ValueError(
                f"Argument `{name}` must be >= {low}. Received: {name}={value}"
            )
