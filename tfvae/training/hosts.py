"""What each of several hosts does of a training that they share."""

import contextlib
import tempfile
from collections.abc import Iterator

import tensorflow as tf

from tfvae import replicas
from tfvae.data import Dataset
from tfvae.training.runs import Run


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
        """What the replicas of one host read."""
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
