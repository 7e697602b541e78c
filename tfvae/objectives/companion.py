"""What an objective learns or remembers beside the model."""

from typing import Any

import keras
import tensorflow as tf


class Companion(keras.layers.Layer):
    """Base class: variables that belong to an objective and not to the model.

    The model holds it, saves it and loads it. The model's optimizer leaves its
    variables alone: a companion that is trained has an optimizer of its own.

    Attributes:
        second_batch: whether it needs images that the model is not trained on
            in the same step. Then every other image of a batch is for it.
    """

    second_batch = False

    def __init__(self):
        super().__init__(dtype="float32", name="companion")
        self.built = True

    def learn(
        self, forward: Any, second: Any, step: tf.Tensor, seed: tf.Tensor
    ) -> None:
        """Go on by one step; called after the model has gone on by its own.

        Args:
            forward: the `Forward` that the model was trained on.
            second: that of the other images, if it needs them, or None.
            step: training steps done before this one.
            seed: two integers, of what is drawn by chance.
        """
        raise NotImplementedError
