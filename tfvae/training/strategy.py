"""Which devices train, and that they repeat themselves."""

import keras
import tensorflow as tf


def make_deterministic(seed: int) -> None:
    """The same numbers on the same device, every time."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def choose() -> tf.distribute.Strategy:
    """MirroredStrategy over several GPUs; the default strategy otherwise."""
    if len(tf.config.list_logical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def describe(strategy: tf.distribute.Strategy) -> str:
    """The devices in words, such as "1 CPU".

    >>> describe(tf.distribute.get_strategy())
    '1 CPU'
    """
    kind = "GPU" if tf.config.list_logical_devices("GPU") else "CPU"
    return f"{strategy.num_replicas_in_sync} {kind}"


def check_batch_size(batch_size: int, strategy: tf.distribute.Strategy) -> None:
    """Raise `ValueError` unless the replicas can share a batch equally."""
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas:
        raise ValueError(
            f"The batch size must be a multiple of the {replicas} devices. "
            f"Received: batch_size={batch_size}"
        )
