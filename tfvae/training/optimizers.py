"""Keras optimizers by name."""

from typing import Any

import keras

from tfvae.registry import unknown_name

OPTIMIZERS = {
    "adagrad": keras.optimizers.Adagrad,
    "adam": keras.optimizers.Adam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}


def make(
    name: str, learning_rate: float, options: dict[str, Any]
) -> keras.optimizers.Optimizer:
    """A new optimizer.

    Args:
        name: a key of `OPTIMIZERS`.
        learning_rate: constant.
        options: other arguments of the Keras class.

    Raises:
        ValueError: on an unknown name.

    >>> make("adam", 1e-3, {"amsgrad": True}).amsgrad
    True
    """
    if name not in OPTIMIZERS:
        raise unknown_name("optimizer", name, OPTIMIZERS)
    return OPTIMIZERS[name](learning_rate=learning_rate, **options)
