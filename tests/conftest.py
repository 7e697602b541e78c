"""Two logical CPU devices, set before TensorFlow starts; Ctrl-C as usual."""

import signal

import pytest
import tensorflow as tf

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
