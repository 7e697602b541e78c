"""What there is to compute with on this machine."""

import os

import tensorflow as tf


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gpus() -> list[str]:
    """The GPUs as `CUDA_VISIBLE_DEVICES` names them; nothing if none."""
    found = range(len(tf.config.list_physical_devices("GPU")))
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    named = [name.strip() for name in visible.split(",") if name.strip()]
    return (named or [str(number) for number in found])[: len(found)]
