import os
import subprocess
import sys
from pathlib import Path

import pytest

from tfvae.startup import without_notices

ROOT = Path(__file__).parents[1]
NOTICES = """\
WARNING: All log messages before absl::InitializeLog() is called are written
I0000 00:00:1 cpu_feature_guard.cc:227] This TensorFlow binary is optimized
To enable the following instructions: AVX2 FMA, in other operations, rebuild
E0000 00:00:1 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA \
error: Failed call to cuInit: UNKNOWN ERROR (303)
"""


def imported(statement: str) -> subprocess.CompletedProcess:
    """A new Python that imports tfvae, with no log level set for it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    return subprocess.run(
        [sys.executable, "-c", statement],
        env=environment,
        capture_output=True,
        text=True,
    )


def test_importing_tfvae_says_nothing():
    process = imported("import tfvae; tfvae.VAE((32, 32, 1))")
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


def test_notices_are_dropped_and_all_else_passes(capfd):
    with without_notices():
        os.write(2, f"before\n{NOTICES}E0000 a real error\n".encode())
        print("to stdout")
    assert capfd.readouterr() == ("to stdout\n", "before\nE0000 a real error\n")


def test_what_was_written_before_an_error_passes_too(capfd):
    with pytest.raises(ImportError), without_notices():
        os.write(2, b"cannot open libfoo.so\n")
        raise ImportError
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "cannot open libfoo.so\nafter\n"


def test_bytes_that_are_no_text_pass(capfd):
    with without_notices():
        os.write(2, b"\xff caf\xc3\xa9\n")
    assert capfd.readouterr().err == "\ufffd caf\xe9\n"


def test_a_process_without_stderr_may_import_too(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stderr", None)
    with without_notices():
        print("to stdout")
    assert capfd.readouterr() == ("to stdout\n", "")
