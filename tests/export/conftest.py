"""An exported model, stand-ins that serve it, and the clients."""

import socket
import sys
from concurrent import futures
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import client
import grpc
import numpy as np
import pytest
from tensorflow_serving.apis import prediction_service_pb2_grpc

import tfvae
from tests.export import asking
from tests.export import grpc_stand_in
from tests.export import rest_stand_in
from tests.export.models import Models
from tfvae.serving import export_saved_model

SHAPE = (64, 64, 1)


@pytest.fixture(scope="session")
def model() -> tfvae.VAE:
    return tfvae.VAE(SHAPE, 10, seed=0)


@pytest.fixture(scope="session")
def exported(model, tmp_path_factory) -> Path:
    """`BASE` of a model of 64x64x1 images and ten latents, version 1."""
    base = tmp_path_factory.mktemp("models") / "vae"
    export_saved_model(model, base, version=1)
    return base


@pytest.fixture(scope="session")
def models(exported) -> Models:
    """What both stand-ins serve: the model, twice."""
    path = exported / "1"
    return Models("vae", {1: path, 2: path}, {"stable": 1, "canary": 2})


@pytest.fixture(scope="session")
def rest_server(models) -> str:
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), rest_stand_in.handler(models)
    )
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def grpc_server(models) -> str:
    server = grpc.server(futures.ThreadPoolExecutor(2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        grpc_stand_in.PredictionService(models), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture(scope="session")
def servers(rest_server, grpc_server) -> dict[str, str]:
    """Address by protocol."""
    return {"rest": rest_server, "grpc": grpc_server}


@pytest.fixture
def silent_port() -> int:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(params=asking.PROTOCOLS)
def protocol(request) -> str:
    return request.param


@pytest.fixture
def ask(protocol, servers, monkeypatch, capsys):
    """Run a client in this process: exit status, stdout, stderr."""

    def run(*arguments) -> tuple[int | None, str, str]:
        monkeypatch.setattr(
            sys, "argv", ["asking", *(str(a) for a in arguments)]
        )
        with pytest.raises(SystemExit) as exit_:
            client.run(asking.PROTOCOLS[protocol], servers[protocol])
        return exit_.value.code, *capsys.readouterr()

    return run


@pytest.fixture(scope="session")
def pixels() -> np.ndarray:
    """A picture as the model takes it, uint8 `[64, 64, 1]`."""
    return np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
