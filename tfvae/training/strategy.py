"""Which devices train, and that they repeat themselves."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence

import keras
import tensorflow as tf

from tfvae import replicas
from tfvae.data import Dataset
from tfvae.training.runs import Run


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


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process is the one of several that writes the run."""
    resolver = strategy.cluster_resolver
    if resolver is None or not resolver.task_type:
        return True
    has_chief = "chief" in resolver.cluster_spec().jobs
    first = "chief" if has_chief else "worker"
    return (resolver.task_type, resolver.task_id) == (first, 0)


def batches(
    strategy: tf.distribute.Strategy,
    dataset: Dataset,
    batch_size: int,
    seed: int,
    start_step: int,
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """`dataset.batches`; each of several hosts reads its own share of it."""
    if not replicas.several_hosts(strategy):
        return dataset.batches(batch_size, seed, start_step)

    def share(context: tf.distribute.InputContext) -> tf.data.Dataset:
        everywhere = context.num_replicas_in_sync
        here = everywhere // context.num_input_pipelines
        first = context.input_pipeline_id * here
        return dataset.batches(
            batch_size,
            seed,
            start_step,
            range(first, first + here),
            everywhere,
        )

    return strategy.distribute_datasets_from_function(share)


@contextlib.contextmanager
def writing(run: Run, strategy: tf.distribute.Strategy) -> Iterator[Run]:
    """Where this host writes: the chief the run, the others what is deleted.

    They all have to save, for the sums over hosts that a model keeps are read
    together.
    """
    if is_chief(strategy):
        yield run
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Run(scratch)


@contextlib.contextmanager
def naming_lost_hosts() -> Iterator[None]:
    """Say in words what TensorFlow says of a host that has gone."""
    try:
        yield
    except (tf.errors.UnavailableError, tf.errors.AbortedError) as error:
        raise ValueError(
            "Another host has stopped; start all of them again, with --resume."
        ) from error


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
