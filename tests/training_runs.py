"""Runs of `train.py` as processes, and what is left of them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tfvae.training.checkpoints import Checkpoints

ROOT = Path(__file__).parents[1]


def start(program: str, *arguments, cwd: Path | None = None):
    """A program of this repository as a process of its own."""
    return subprocess.Popen(
        [sys.executable, ROOT / program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, status: int = 0) -> str:
    """What it printed, once it has ended as expected and without an error."""
    out, err = process.communicate()
    assert (process.returncode, err) == (status, ""), out + err
    return out


def newest_step(directory: Path) -> int:
    """That of the newest checkpoint; 0 if there is none."""
    paths = Checkpoints(directory / "checkpoints").paths()
    return int(paths[0].stem.removeprefix("step-")) if paths else 0


def history(directory: Path) -> list[dict[str, str]]:
    """The rows of `history.csv`."""
    with open(directory / "history.csv", newline="") as lines:
        return [*csv.DictReader(lines)]


def end_state(directory: Path, steps: int) -> list[np.ndarray]:
    """The weights and the optimizer's state after the last step."""
    model, step = Checkpoints(directory / "checkpoints").restore()
    assert step == model.optimizer.iterations == steps
    variables = [*model.weights, *model.optimizer.variables]
    return [variable.numpy() for variable in variables]


def assert_same_end(directory: Path, unbroken: Path, steps: int) -> None:
    """The same weights, optimizer and measurements, bit for bit."""
    states = end_state(directory, steps), end_state(unbroken, steps)
    for one, two in zip(*states, strict=True):
        np.testing.assert_array_equal(one, two)
    measured, expected = (
        json.loads((d / "metrics.json").read_text())
        for d in (directory, unbroken)
    )
    assert measured == expected


def assert_same_history(directory: Path, unbroken: Path) -> None:
    """The same `history.csv`, byte for byte."""
    one, two = ((d / "history.csv").read_bytes() for d in (directory, unbroken))
    assert one == two
