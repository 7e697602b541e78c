"""A directory with a `train.py` that trains nothing, and jobs there."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tfvae.studies.job import Job
from tfvae.studies.job import jobs
from tfvae.studies.study import Study

WORKPLACE = Path(__file__).parent / "workplace"


def make(directory: Path) -> Path:
    """The directory, with `train.py` and `python -m tfvae evaluate`."""
    return shutil.copytree(WORKPLACE, directory / "here")


def study_of(runs: int, failing: tuple[int, ...] = (), **fixed) -> Study:
    """Runs that differ in their seed; some fail."""
    fine = [seed for seed in range(runs) if seed not in failing]
    grid = [{"seed": fine}]
    grid += [{"seed": seed, "fails": True} for seed in failing]
    fixed = {"steps": 3, **fixed}
    return Study.parse({"fixed": fixed, "grid": grid, "metrics": "mig,sap"})


def jobs_of(runs: int, directory: Path, **fixed) -> list[Job]:
    return jobs(study_of(runs, **fixed), directory)


def trace(here: Path) -> list[tuple[str, int, int, int]]:
    """What the fake runs did: (what, seed, step, process)."""
    lines = (here / "trace").read_text().splitlines()
    words = [line.split() for line in lines]
    return [(what, *map(int, numbers)) for what, *numbers in words]


def signal_when(condition: Callable[[], bool], number: int) -> None:
    """Send this process a signal as soon as a condition holds."""

    def watch():
        while not condition():
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    threading.Thread(target=watch, daemon=True).start()
