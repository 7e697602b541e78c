"""What this machine has."""

import os

import pytest
import tensorflow as tf

from tfvae import machine


def test_cores_are_those_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {3, 5})
    assert machine.cores() == 2


@pytest.mark.parametrize(
    ("visible", "found", "names"),
    [
        (None, 2, ["0", "1"]),
        ("", 0, []),
        ("4, 6", 2, ["4", "6"]),
        ("GPU-5f3,9", 1, ["GPU-5f3"]),  # those after a wrong one are hidden
    ],
)
def test_gpus_are_named_as_their_variable_does(
    visible, found, names, monkeypatch
):
    devices = [object()] * found
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: devices)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert machine.gpus() == names
