"""The clients, and one as a user runs it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import requests
from grpc_client import GrpcModel
from rest_client import RestModel

from tests.export.pages import EXPORT
from tests.export.pages import filled
from tests.export.pages import shapes

PROTOCOLS = {"rest": RestModel, "grpc": GrpcModel}


def asked(
    protocol: str, server: str, *arguments, directory: Path
) -> subprocess.CompletedProcess:
    """Run a client as a process of its own, in `directory`."""
    return subprocess.run(
        [
            sys.executable,
            EXPORT / f"{protocol}_client.py",
            "--server",
            server,
            *(str(a) for a in arguments),
        ],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
    )


def answered(url: str, body: str, pixels: np.ndarray) -> Any:
    """The shapes of what a server answers to a body of README.md."""
    response = requests.post(url, json=filled(body, pixels), timeout=30)
    assert response.status_code == 200, response.text
    return shapes(response.json())
