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


class Memory(Companion):
    """Numbers that an objective keeps from step to step.

    Args:
        objective: its `remember(forward, step)` gives the new numbers by name.
        start: the first ones.
    """

    def __init__(self, objective: Any, **start: float):
        super().__init__()
        self.objective = objective
        self.numbers = {
            name: self.add_weight(
                (),
                keras.initializers.Constant(number),
                trainable=False,
                # all replicas come to the same
                aggregation="only_first_replica",
                name=name,
            )
            for name, number in start.items()
        }

    def __getitem__(self, name: str) -> tf.Tensor:
        """The number as it is."""
        return tf.convert_to_tensor(self.numbers[name])

    def learn(self, forward, second, step, seed):
        new = self.objective.remember(forward, step)
        for name, number in self.numbers.items():
            number.assign(new[name])
