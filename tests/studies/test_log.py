"""Logs of processes, locked while one of them writes."""

import os
import subprocess
import sys
import threading
import time

import pytest

from tfvae.studies.log import Log
from tfvae.studies.log import execute
from tfvae.studies.stop import Stop


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path / "runs" / "a.log")


def run(log, program: str, name: str = "train.py", stop=None) -> int:
    stop = stop or Stop()
    with log.held(stop) as file:
        command = [sys.executable, "-c", program]
        return execute(name, command, os.environ, file, stop)


def test_no_log_says_nothing(log):
    assert not log.busy
    assert (log.status, log.seconds("train.py")) == (None, None)


def test_both_outputs_and_the_ends_are_kept(log):
    assert run(log, "import sys; sys.stderr.write('half a line')") == 0
    assert run(log, "print('two'); raise SystemExit(3)") == 3
    text = log.path.read_text()
    assert text.index("half a line\n") < text.index("two\n")
    assert log.status == 3


def test_seconds_are_those_of_all_processes_of_one_program(log):
    log.path.parent.mkdir()
    log.path.write_text(
        "\n[sweep] train.py starts: a\n\n[sweep] train.py ended with 130 after "
        "1.5 s\n\n[sweep] train.py starts: a\n\n[sweep] train.py ended with 0 "
        "after 2.0 s\n\n[sweep] evaluate starts: b\n"
    )
    assert log.seconds("train.py") == 3.5
    assert log.seconds("evaluate") is None
    assert log.status is None  # the last process has not ended


def test_it_is_busy_as_long_as_a_process_lives_that_nobody_waits_for(log):
    with log.held(Stop()) as file:
        orphan = subprocess.Popen(
            [sys.executable, "-c", "input()"],
            stdin=subprocess.PIPE,
            stdout=file,
        )
    assert log.busy
    stop = Stop()
    stop.times = 1
    with log.held(stop) as file:
        assert file is None
    threading.Timer(0.3, orphan.communicate, [b"\n"]).start()
    with log.held(Stop()) as file:  # waits
        assert file is not None
        assert orphan.wait() == 0
    assert not log.busy


def test_a_process_is_told_as_often_as_we_are(log, tmp_path):
    ready = tmp_path / "ready"
    program = (
        "import pathlib, signal, time\n"
        "def told(*_):\n"
        "    print('told')\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        f"    pathlib.Path({str(ready)!r}).write_text('told')\n"
        "signal.signal(signal.SIGTERM, told)\n"
        f"pathlib.Path({str(ready)!r}).write_text('')\n"
        "while True: time.sleep(0.05)\n"
    )
    stop = Stop()

    def tell():
        while not ready.exists():
            time.sleep(0.02)
        stop.times = 1
        while ready.read_text() != "told":
            time.sleep(0.02)
        stop.times = 2

    threading.Thread(target=tell).start()
    assert run(log, program, stop=stop) == -15
