"""compose.yaml: what it mounts is there, what it calls is answered."""

import json
import shutil
import subprocess

import pytest

from tests.export.pages import EXPORT
from tests.export.pages import compose
from tests.export.pages import server_flags

# of TensorFlow Serving's main.cc
KNOWN_FLAGS = {
    "model_config_file",
    "model_config_file_poll_wait_seconds",
    "allow_version_labels_for_unavailable_models",
    "enable_batching",
    "batching_parameters_file",
    "monitoring_config_file",
}


@pytest.fixture(scope="module")
def server():
    return compose()["services"]["server"]


def test_ports_are_published_on_this_machine_only(server):
    assert server["ports"] == [
        "127.0.0.1:8500:8500",
        "127.0.0.1:8501:8501",
    ]


def test_flags_are_known_and_the_labels_one_is_there():
    assert server_flags().keys() == KNOWN_FLAGS
    flag = "allow_version_labels_for_unavailable_models"
    assert server_flags()[flag] == "true"


def test_files_named_to_the_server_are_mounted(server):
    mounts = {mount["target"]: mount for mount in server["volumes"]}
    assert mounts["/config"]["source"] == "."
    files = [v for v in server_flags().values() if v.startswith("/")]
    assert len(files) == 3
    for file in files:
        directory, name = file.rsplit("/", 1)
        assert directory == "/config"
        assert (EXPORT / name).is_file()


def test_mounts_are_read_only_and_never_made(server):
    for mount in server["volumes"]:
        assert (mount["type"], mount["read_only"]) == ("bind", True)
        assert mount["bind"] == {"create_host_path": False}
    sources = [mount["source"] for mount in server["volumes"]]
    assert sources == ["${MODELS:-../models}", "."]


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize("up", [True, False])
def test_the_health_check(server, rest_server, up):
    """As the container runs it, at the stand-in's port and at none."""
    kind, *command = server["healthcheck"]["test"]
    assert kind == "CMD"
    port = rest_server.rsplit(":", 1)[1] if up else "1"
    command[-1] = command[-1].replace("/8501", f"/{port}")
    run = subprocess.run(command, capture_output=True, timeout=30)
    assert (run.returncode == 0) == up


def test_the_health_check_fails_for_an_unknown_model(server, rest_server):
    _, *command = server["healthcheck"]["test"]
    port = rest_server.rsplit(":", 1)[1]
    command[-1] = command[-1].replace("/8501", f"/{port}")
    command[-1] = command[-1].replace("/models/vae", "/models/other")
    assert subprocess.run(command, timeout=30).returncode


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_the_first_call(rest_server):
    first = compose()["services"]["first-call"]
    assert first["depends_on"] == {"server": {"condition": "service_healthy"}}
    command = [
        part.replace("http://server:8501", rest_server)
        for part in first["command"]
    ]
    run = subprocess.run(
        ["curl", *command], capture_output=True, text=True, timeout=30
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("an image sampled from the prior: HTTP 200")
    assert json.loads(command[command.index("--json") + 1])
