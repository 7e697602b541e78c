"""The clients as a user runs them."""

import subprocess
import sys
from pathlib import Path

from tests.export.pages import EXPORT


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
