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
    name: str, learning_rate: Any, options: dict[str, Any]
) -> keras.optimizers.Optimizer:
    """A new optimizer.

    Args:
        name: a key of `OPTIMIZERS`.
        learning_rate: a number or a Keras learning rate schedule.
        options: other arguments of the Keras class.

    Raises:
        ValueError: on an unknown name.

    >>> make("adam", 1e-3, {"amsgrad": True}).amsgrad
    True
    """
    if name not in OPTIMIZERS:
        raise unknown_name("optimizer", name, OPTIMIZERS)
    return OPTIMIZERS[name](learning_rate=learning_rate, **options)


def cosine(start: float, stop: float | None, steps: int) -> Any:
    """A learning rate from `start` to `stop` along half a cosine.

    Args:
        start: at step 0.
        stop: from `steps` on; None keeps `start`.
        steps: of the whole run.

    >>> round(float(cosine(1e-3, 1e-4, 100)(100)), 7)
    0.0001
    """
    if stop is None:
        return start
    return keras.optimizers.schedules.CosineDecay(
        start, steps, alpha=stop / start
    )
