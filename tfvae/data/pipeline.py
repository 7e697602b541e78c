"""From a data set to shuffled batches."""

from functools import lru_cache

import numpy as np
import tensorflow as tf


@lru_cache(maxsize=2)  # a batch over the end of an epoch needs two
def epoch_order(size: int, seed: int, epoch: int) -> np.ndarray:
    """The permutation of `range(size)` that one epoch follows.

    In the narrowest type: 400 MB for 100 million images.
    """
    order = np.arange(size, dtype=np.min_scalar_type(size))
    np.random.default_rng([seed, epoch]).shuffle(order)
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
        ],
        dtype=np.int64,
    )


def batches(
    dataset,
    batch_size: int,
    seed: int,
    start_step: int,
    replicas: range,
    replicas_in_all: int,
) -> tf.data.Dataset:
    """The body of `Dataset.batches`."""
    _check(batch_size, seed, start_step)
    stored = dataset.stored

    def gather(number):
        step, place = divmod(int(number), len(replicas))
        indices = dataset.batch_indices(batch_size, seed, step)
        shares = np.split(indices, replicas_in_all)
        return stored[shares[replicas[place]]]

    share = batch_size // replicas_in_all
    numbers = tf.data.Dataset.counter(start_step * len(replicas))
    ahead = numbers.map(lambda number: _floats(dataset, gather, number, share))
    # a few batches ahead of the model; the order stays
    return ahead.prefetch(4).with_options(_options())


def in_order(dataset, indices: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """The body of `Dataset.in_order`."""
    stored = dataset.stored
    starts = tf.data.Dataset.range(0, len(indices), batch_size)

    def gather(start):
        return stored[indices[start : start + batch_size]]

    images = starts.map(lambda start: _floats(dataset, gather, start, None))
    return images.prefetch(4).with_options(_options())


def _floats(dataset, gather, argument, batch_size: int | None) -> tf.Tensor:
    """The images whose stored form `gather(argument)` gives."""
    stored = dataset.stored
    # numpy gathers the rows: a tensor of them would double the memory
    rows = tf.numpy_function(gather, [argument], stored.dtype, stateful=False)
    rows = tf.ensure_shape(rows, (batch_size, *stored.shape[1:]))
    images = tf.cast(dataset.decode(rows), tf.float32) / dataset.max_value
    return tf.ensure_shape(images, (batch_size, *dataset.image_shape))


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
