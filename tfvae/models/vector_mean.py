"""A Keras metric that is a vector."""

import keras
import tensorflow as tf


class VectorMean(keras.metrics.Metric):
    """Mean of vectors, one an image.

    >>> metric = VectorMean(2)
    >>> metric.update_state(tf.constant([[1.0, 2.0], [3.0, 2.0]]))
    >>> metric.result().numpy().tolist()
    [2.0, 2.0]
    """

    def __init__(self, size: int, name: str = "vector_mean", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_variable(
            (size,), "zeros", aggregation="sum", name="total"
        )
        self.count = self.add_variable(
            (), "zeros", aggregation="sum", name="count"
        )

    def update_state(self, values: tf.Tensor) -> None:
        """Add vectors `[B, size]`."""
        self.total.assign_add(tf.reduce_sum(values, 0))
        self.count.assign_add(tf.cast(tf.shape(values)[0], tf.float32))

    def result(self) -> tf.Tensor:
        """The mean so far, `[size]`; zeros before the first update."""
        return tf.math.divide_no_nan(
            tf.convert_to_tensor(self.total), tf.convert_to_tensor(self.count)
        )
