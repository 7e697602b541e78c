"""The clients, the configuration and the pages with TensorFlow Serving itself,
where `tensorflow_model_server` is on the PATH or docker has its image."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from tests.export.asking import answered
from tests.export.asking import asked
from tests.export.pages import EXPORT
from tests.export.pages import bodies
from tests.export.pages import compose
from tests.export.pages import png
from tests.export.pages import server_flags

BINARY = "tensorflow_model_server"
CONTAINER = "tfvae-tests"
START = 120  # seconds


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def flags(config: Path | str) -> list[str]:
    """Those of compose.yaml, with the files in another directory."""
    return [
        f"--{name}={value.replace('/config', str(config))}"
        for name, value in server_flags().items()
    ]


def of_binary(
    exported: Path, config: Path, ports: dict[str, int]
) -> list[str] | None:
    """The command that serves without docker."""
    if not shutil.which(BINARY):
        return None
    shutil.copytree(EXPORT, config, ignore=shutil.ignore_patterns("*.py"))
    models = config / "models.config"
    text = models.read_text()
    models.write_text(text.replace("/models/vae", str(exported)))
    return [
        BINARY,
        f"--port={ports['grpc']}",
        f"--rest_api_port={ports['rest']}",
        *flags(config),
    ]


def of_docker(exported: Path, ports: dict[str, int]) -> list[str] | None:
    """The command that serves in a container, as compose.yaml has it."""
    image = compose()["services"]["server"]["image"]
    if not shutil.which("docker"):
        return None
    look = ["docker", "image", "inspect", image]
    if subprocess.run(look, capture_output=True).returncode:
        return None
    return [
        *("docker", "run", "--rm", "--name", CONTAINER),
        *("--publish", f"127.0.0.1:{ports['grpc']}:8500"),
        *("--publish", f"127.0.0.1:{ports['rest']}:8501"),
        *("--volume", f"{exported.parent}:/models:ro"),
        *("--volume", f"{EXPORT}:/config:ro"),
        image,
        *flags("/config"),
    ]


@pytest.fixture(scope="module")
def real_servers(exported, tmp_path_factory) -> dict[str, str]:
    """Address by protocol, once the server says that the model is there."""
    ports = {"rest": free_port(), "grpc": free_port()}
    directory = tmp_path_factory.mktemp("server")
    command = of_binary(exported, directory / "config", ports)
    command = command or of_docker(exported, ports)
    if not command:
        pytest.skip(
            f"no {BINARY} on the PATH and no docker with "
            f"{compose()['services']['server']['image']}"
        )
    addresses = {
        "rest": f"http://127.0.0.1:{ports['rest']}",
        "grpc": f"127.0.0.1:{ports['grpc']}",
    }
    log = directory / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            wait_for(process, addresses["rest"], log)
            yield addresses
        finally:
            if command[0] == "docker":
                subprocess.run(["docker", "rm", "--force", CONTAINER])
            process.terminate()
            process.wait()


def wait_for(process: subprocess.Popen, address: str, log: Path) -> None:
    """Until version 1 is available."""
    end = time.monotonic() + START
    while process.poll() is None and time.monotonic() < end:
        try:
            answer = requests.get(f"{address}/v1/models/vae", timeout=5)
            if '"AVAILABLE"' in answer.text:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    pytest.fail(f"the server did not come up:\n{log.read_text()[-3000:]}")


@pytest.mark.parametrize("label", ["stable", "canary"])
def test_latents(real_servers, protocol, model, pixels, tmp_path, label):
    (tmp_path / "picture.png").write_bytes(png(pixels))
    run = asked(
        protocol,
        real_servers[protocol],
        *("--image", "picture.png", "--json", "--label", label),
        directory=tmp_path,
    )
    assert (run.returncode, run.stderr) == (0, "")
    seen = [latent["mean"] for latent in json.loads(run.stdout)]
    mean, _ = model.encode(pixels[None].astype("float32") / 255)
    np.testing.assert_allclose(seen, mean[0], rtol=1e-4, atol=1e-6)


def test_a_traversal(real_servers, protocol, tmp_path):
    run = asked(
        protocol, real_servers[protocol], "--traverse", 3, directory=tmp_path
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert np.array(Image.open(tmp_path / "traversal.png")).shape == (68, 612)


def test_a_refusal(real_servers, protocol, tmp_path):
    run = asked(
        protocol,
        real_servers[protocol],
        *("--traverse", 3, "--version", 7),
        directory=tmp_path,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert "answered" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(("body", "answer"), bodies())
def test_a_body_is_answered_as_printed(real_servers, pixels, body, answer):
    url = f"{real_servers['rest']}/v1/models/vae/labels/stable:predict"
    assert answered(url, body, pixels) == json.loads(answer)


def test_metrics(real_servers):
    path = "/monitoring/prometheus/metrics"
    page = requests.get(real_servers["rest"] + path, timeout=30)
    assert page.status_code == 200
    assert ":tensorflow:" in page.text
