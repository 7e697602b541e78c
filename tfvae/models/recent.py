"""What happened lately in training, for several readers."""

import weakref
from typing import Any

import keras
import numpy as np
import tensorflow as tf


class Recent(keras.metrics.Metric):
    """Mean of vectors, one an image, since each reader last looked.

    The sums on the device start again whenever anybody looks; what the other
    readers have not seen yet waits for them here.

    Args:
        size: of the vectors.

    >>> class Reader: pass
    >>> recent, reader = Recent(2), Reader()
    >>> _ = recent.take(reader)
    >>> recent.update_state(tf.constant([[1.0, 2.0], [3.0, 2.0]]))
    >>> recent.take(reader).tolist(), recent.take(reader).tolist()
    ([2.0, 2.0], [0.0, 0.0])
    """

    def __init__(self, size: int, name: str = "recent", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_variable(
            (size,), "zeros", aggregation="sum", name="total"
        )
        self.count = self.add_variable(
            (), "zeros", aggregation="sum", name="count"
        )
        self._waiting = weakref.WeakKeyDictionary()  # reader -> sums, count

    def update_state(self, values: tf.Tensor) -> None:
        """Add vectors `[B, size]`."""
        self.total.assign_add(tf.reduce_sum(values, 0))
        self.count.assign_add(tf.cast(tf.shape(values)[0], tf.float32))

    def result(self) -> tf.Tensor:
        """The mean since anybody looked, `[size]`; zeros before the first."""
        return tf.math.divide_no_nan(
            tf.convert_to_tensor(self.total), tf.convert_to_tensor(self.count)
        )

    def take(self, reader: Any) -> np.ndarray:
        """The mean since this reader last looked, `[size]`.

        Zeros if there was nothing, and at a reader's first look.
        """
        new = np.append(*map(tf.convert_to_tensor, (self.total, self.count)))
        self.reset_state()
        for waiting in self._waiting.values():
            waiting += new
        *total, count = self._waiting.get(reader, np.zeros_like(new))
        self._waiting[reader] = np.zeros(new.shape)  # float64
        return np.array(total) / max(count, 1)
