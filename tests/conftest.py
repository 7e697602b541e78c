"""Two logical CPU devices, set before TensorFlow starts; Ctrl-C as usual."""

import signal
from pathlib import Path

import pytest
import tensorflow as tf

from tests.runs import CAPACITY
from tests.runs import finished_run
from tfvae.data import dsprites

# a shell starts what runs in the background with SIGINT ignored
signal.signal(signal.SIGINT, signal.default_int_handler)

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)


@pytest.fixture(scope="session")
def two_replicas() -> tf.distribute.Strategy:
    """MirroredStrategy over the two logical devices.

    One for all tests: a second one would reuse the keys of the first one's
    collective operations.
    """
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


@pytest.fixture(scope="session")
def two_runs(tmp_path_factory) -> tuple[Path, Path]:
    """Finished runs of two objectives on the same images; left as they are."""
    parent = tmp_path_factory.mktemp("runs")
    return (
        finished_run(parent / "B", CAPACITY),
        finished_run(parent / "VAE", seed=1),
    )


@pytest.fixture(scope="module")
def sprites_drawn_once():
    """All data sets of a module share one dSprites in memory."""
    packed = dsprites.render_all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dsprites, "render_all", lambda: packed)
        yield
