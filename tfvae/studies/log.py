"""What the processes of a run printed, and how they ended."""

import contextlib
import fcntl
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from tfvae.studies.stop import Stop

POLL = 0.1  # seconds
ENDED = re.compile(r"^\[sweep\] (\S+) ended with (-?\d+) after (\S+) s$", re.M)
STARTED = re.compile(r"^\[sweep\] (\S+) starts: ", re.M)


class Log:
    """A file that the processes of one run write to.

    It is locked while one of them lives, even when the sweep that started it
    does not: two never work on the same run.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path):
        self.path = path

    @contextlib.contextmanager
    def held(self, stop: Stop) -> Iterator[BinaryIO | None]:
        """The file, ours alone; None if we were told to stop before."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab") as file:
            while not _lock(file, fcntl.LOCK_EX):
                if stop.times:
                    yield None
                    return
                time.sleep(POLL)
            yield file

    @property
    def busy(self) -> bool:
        """Whether a process of the run lives."""
        try:
            with open(self.path, "rb") as file:
                return not _lock(file, fcntl.LOCK_SH)
        except FileNotFoundError:
            return False

    @property
    def status(self) -> int | None:
        """The exit status of the last process; None if it was not seen."""
        text = self._text()
        started, ended = [*STARTED.finditer(text)], [*ENDED.finditer(text)]
        if not ended or ended[-1].start() < started[-1].start():
            return None
        return int(ended[-1][2])

    def seconds(self, program: str) -> float | None:
        """How long a program ran in all; None if an end was not seen."""
        text = self._text()
        starts = [m for m in STARTED.finditer(text) if m[1] == program]
        times = [float(m[3]) for m in ENDED.finditer(text) if m[1] == program]
        return sum(times) if len(times) == len(starts) > 0 else None

    def _text(self) -> str:
        if not self.path.exists():
            return ""
        return self.path.read_text(errors="replace")


def _lock(file: BinaryIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def execute(
    program: str,
    command: list[str],
    environment: Mapping[str, str],
    log: BinaryIO,
    stop: Stop,
) -> int:
    """Run a command, write what it prints and how it ends.

    Args:
        program: its name in the log.
        command: its arguments.
        environment: of the process.
        log: an open file.
        stop: passed on to the process, each time once.

    Returns:
        The exit status; minus the signal that ended it.
    """
    _write(log, f"{program} starts: {shlex.join(command)}")
    start = time.monotonic()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,  # Ctrl-C of a terminal comes from us, once
    ) as process:
        status = _wait(process, stop)
    seconds = time.monotonic() - start
    _write(log, f"{program} ended with {status} after {seconds:.1f} s")
    return status


def _wait(process: subprocess.Popen, stop: Stop) -> int:
    passed_on = 0
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(POLL)
        if passed_on < stop.times:
            process.terminate()
            passed_on += 1


def _write(log: BinaryIO, line: str) -> None:
    log.write(f"\n[sweep] {line}\n".encode())
    log.flush()
