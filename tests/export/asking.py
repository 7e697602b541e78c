"""The clients, in this process and as a user runs them."""

import subprocess
import sys
from pathlib import Path

from tests.export.pages import EXPORT

sys.path.insert(0, str(EXPORT))  # as it is for a script of that directory

import client  # noqa: E402, F401
from grpc_client import GrpcModel  # noqa: E402
from rest_client import RestModel  # noqa: E402

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
