"""Train every objective on four logical devices: `devices_process.py OUT`.

In a process of its own: a second MirroredStrategy in one process would reuse
the keys of the first one's collective operations. OUT is as `host_process.py`
writes it.
"""

import sys

import tensorflow as tf

from tests.training.host_process import train_all
from tests.training.host_process import write
from tfvae.training import strategy

NAMES = [f"CPU:{number}" for number in range(4)]

if __name__ == "__main__":
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration() for _ in NAMES],
    )
    strategy.make_deterministic(0)
    write(train_all(strategy.choose(NAMES)), sys.argv[1])
