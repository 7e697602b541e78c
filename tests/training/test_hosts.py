"""Several processes, and several devices, train as one would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.host_process import train_all
from tfvae.commands import exits
from tfvae.training import hosts
from tfvae.training.checkpoints import Checkpoints

ROOT = Path(__file__).parents[2]
HOSTS = 2


@pytest.mark.parametrize(
    "jobs, kind, index, chief",
    [
        (["worker"], "worker", 0, True),
        (["worker"], "worker", 1, False),
        (["chief", "worker"], "worker", 0, False),
        (["chief", "worker"], "chief", 0, True),
    ],
)
def test_one_host_writes(jobs, kind, index, chief):
    cluster = {job: ["a:1", "b:1"] for job in jobs}
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec(cluster), task_type=kind, task_id=index
    )
    host = SimpleNamespace(cluster_resolver=resolver)
    assert hosts.is_chief(host) == chief


def test_a_process_alone_writes(two_replicas):
    assert hosts.is_chief(tf.distribute.get_strategy())
    assert hosts.is_chief(two_replicas)


def test_a_lost_host_is_said_in_words():
    with pytest.raises(ValueError, match="Another host has stopped"):
        with hosts.naming_lost_hosts():
            raise tf.errors.UnavailableError(None, None, "heartbeats")


def free_ports() -> list[int]:
    """Ports that nobody has at the moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(HOSTS)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(*arguments) -> list[subprocess.Popen]:
    """The same programme as each of the hosts; the chief comes first."""
    workers = [f"127.0.0.1:{port}" for port in free_ports()]
    return [
        subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TF_CONFIG": json.dumps(
                    {
                        "cluster": {"worker": workers},
                        "task": {"type": "worker", "index": index},
                    }
                ),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for index in range(HOSTS)
    ]


def finish(processes: list[subprocess.Popen]) -> list[str]:
    """What they printed; their status is 0."""
    printed = [process.communicate(timeout=300)[0] for process in processes]
    for process, text in zip(processes, printed, strict=True):
        assert process.returncode == 0, text
    return printed


@pytest.fixture(scope="module")
def alone() -> dict[str, list[np.ndarray]]:
    """What one device makes of every objective."""
    return train_all(tf.distribute.get_strategy())


def assert_same(file: Path, alone: dict[str, list[np.ndarray]]) -> None:
    """The terms, and the weights after Adam's steps, of every objective."""
    together = np.load(file)
    for name, arrays in alone.items():
        for number, array in enumerate(arrays):
            np.testing.assert_allclose(
                together[f"{name} {number}"], array, rtol=1e-5, atol=1e-5
            )


def test_two_hosts_equal_one(tmp_path, alone):
    file = tmp_path / "results.npz"
    finish(start("tests/training/host_process.py", file))
    assert_same(file, alone)


def test_four_devices_equal_one(tmp_path, alone):
    file = tmp_path / "results.npz"
    subprocess.run(
        [sys.executable, "-m", "tests.training.devices_process", file],
        cwd=ROOT,
        check=True,
    )
    assert_same(file, alone)


@pytest.fixture
def command(tmp_path) -> list[str]:
    """A short run of `train.py` that saves every 10 steps."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, [100, 32, 32, 1]).astype(np.uint8)
    np.savez(tmp_path / "images.npz", images=images)
    options = {
        "dataset": "npz",
        "data-path": tmp_path / "images.npz",
        "objective": "B",
        "network": "chen2018",
        "batch-size": 8,
        "steps": 60,
    }
    return ["tests/training_process.py", "--distribute", "multiworker"] + [
        part for name, value in options.items() for part in (f"--{name}", value)
    ]


def wait_for_checkpoint(chief: subprocess.Popen, run: Path, count: int):
    """Until there are so many, or the chief has ended."""
    checkpoints = Checkpoints(run / "checkpoints")
    while len(checkpoints.paths()) < count and chief.poll() is None:
        time.sleep(0.1)


def test_stopped_and_killed_they_go_on_as_if_nothing_had_been(
    command, tmp_path
):
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    printed = finish(start(*command, "--run-dir", unbroken))
    assert f"{unbroken}, on 2 CPU" in printed[0]
    assert str(unbroken) not in printed[1]

    chief, other = start(*command, "--run-dir", broken)
    wait_for_checkpoint(chief, broken, 1)
    other.send_signal(signal.SIGTERM)
    for process in (chief, other):
        text, _ = process.communicate(timeout=300)
        assert process.returncode == exits.INTERRUPTED, text
        assert (str(broken) in text) == (process is chief)
        assert ("To go on, add: --resume" in text) == (process is chief)

    chief, other = start(*command, "--run-dir", broken, "--resume")
    wait_for_checkpoint(chief, broken, 3)
    other.send_signal(signal.SIGKILL)
    text, _ = chief.communicate(timeout=300)
    other.communicate()
    assert chief.returncode == 2, text
    assert "Another host has stopped" in text

    printed = finish(start(*command, "--run-dir", broken, "--resume"))
    assert "from step 0" not in printed[0]
    one, two = (
        keras.models.load_model(run / "model.keras")
        for run in (unbroken, broken)
    )
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    for run in (unbroken, broken):
        assert (run / "metrics.json").exists()
