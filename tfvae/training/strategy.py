"""Which devices train, and that they repeat themselves."""

import os
from collections.abc import Sequence

import keras
import tensorflow as tf


def make_deterministic(seed: int) -> None:
    """The same numbers on the same device, every time."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def choose(
    devices: Sequence[str] = (), hosts: bool = False
) -> tf.distribute.Strategy:
    """Who trains: devices of this machine, or of all that TF_CONFIG names.

    With several hosts it comes before any tensor is made.

    Args:
        devices: of this machine, such as "GPU:0"; none for all its GPUs.
        hosts: whether this process is one of those in TF_CONFIG.

    Raises:
        ValueError: without TF_CONFIG, or if a device is not there.
    """
    if hosts:
        if "TF_CONFIG" not in os.environ:
            raise ValueError(
                "Several hosts need TF_CONFIG in the environment, see "
                "docs/scaling.md. Received: none"
            )
        return tf.distribute.MultiWorkerMirroredStrategy()
    named = _known(devices)
    if len(named) == 1:
        return tf.distribute.OneDeviceStrategy(named[0])
    together = named or _gpus()
    if len(together) > 1:
        return tf.distribute.MirroredStrategy(together)
    return tf.distribute.get_strategy()


def _gpus() -> list[str]:
    return [device.name for device in tf.config.list_logical_devices("GPU")]


def _known(devices: Sequence[str]) -> Sequence[str]:
    here = [
        device.name.removeprefix("/device:")
        for device in tf.config.list_logical_devices()
    ]
    for name in devices:
        if name not in here:
            raise ValueError(
                f"There is no such device; there are {', '.join(here)}. "
                f"Received: {name}"
            )
    return devices


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
