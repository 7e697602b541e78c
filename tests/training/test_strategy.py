import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework import config

from tfvae.training import strategy


@pytest.fixture
def determinism():
    """Determinism as the test leaves it, switched off for those after it."""
    yield config.is_op_determinism_enabled
    config.disable_op_determinism()


def test_the_same_seed_gives_the_same_numbers(determinism):
    draws = []
    for seed in (1, 1, 2):
        strategy.make_deterministic(seed)
        draws.append([np.random.rand(), *keras.random.normal([3]).numpy()])
    assert draws[0] == draws[1]
    assert not set(draws[0]) & set(draws[2])
    assert determinism()


def test_several_gpus_train_together():
    gpus = len(tf.config.list_logical_devices("GPU"))
    assert strategy.choose().num_replicas_in_sync == max(1, gpus)


@pytest.mark.parametrize("batch_size", [2, 64])
def test_a_batch_that_replicas_can_share_is_accepted(batch_size, two_replicas):
    strategy.check_batch_size(batch_size, two_replicas)


def test_a_batch_that_replicas_cannot_share_is_refused(two_replicas):
    with pytest.raises(ValueError, match="the 2 devices.*batch_size=63"):
        strategy.check_batch_size(63, two_replicas)


def test_one_device_takes_any_batch():
    strategy.check_batch_size(63, tf.distribute.get_strategy())


def test_named_devices_train_together():
    cpus = strategy.choose(devices=["CPU:0", "CPU:1"])
    assert cpus.num_replicas_in_sync == 2
    one = strategy.choose(devices=["CPU:1"])
    assert one.num_replicas_in_sync == 1
    assert one.extended.worker_devices[0].endswith("CPU:1")


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="there are CPU:0, .*GPU:7"):
        strategy.choose(devices=["GPU:7"])


def test_several_hosts_need_tf_config(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(ValueError, match="TF_CONFIG"):
        strategy.choose(hosts=True)
