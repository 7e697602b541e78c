"""A Keras metric with one value a latent."""

import keras
import tensorflow as tf


class LatentMean(keras.metrics.Metric):
    """Mean over images of a quantity that each latent has.

    >>> metric = LatentMean(2)
    >>> metric.update_state(tf.constant([[1.0, 2.0], [3.0, 2.0]]))
    >>> metric.result().numpy().tolist()
    [2.0, 2.0]
    """

    def __init__(self, latent_dim: int, name: str = "latent_mean", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_variable(
            (latent_dim,), "zeros", aggregation="sum", name="total"
        )
        self.count = self.add_variable(
            (), "zeros", aggregation="sum", name="count"
        )

    def update_state(self, values: tf.Tensor) -> None:
        """Add values `[B, D]`."""
        self.total.assign_add(tf.reduce_sum(values, 0))
        self.count.assign_add(tf.cast(tf.shape(values)[0], tf.float32))

    def result(self) -> tf.Tensor:
        """The means so far, `[D]`; zeros before the first update."""
        return tf.math.divide_no_nan(
            tf.convert_to_tensor(self.total), tf.convert_to_tensor(self.count)
        )
