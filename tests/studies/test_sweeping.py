"""Whole sweeps over a `train.py` that trains nothing."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from tests.studies import places
from tfvae.studies import Processes
from tfvae.studies import Stop
from tfvae.studies import View
from tfvae.studies import sweep
from tfvae.studies.job import Job
from tfvae.studies.job import jobs

ROOT = Path(__file__).parents[2]
STEPS = 10


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The current directory; a `train.py` is there."""
    here = places.make(tmp_path)
    monkeypatch.chdir(here)
    return here


def swept(study, at_once: int = 2, directory: Path = Path("out")) -> list[Job]:
    view = View(Console(file=io.StringIO()))
    with Stop() as stop:
        return sweep(study, directory, Processes(at_once, stop), stop, view)


def started(here: Path) -> subprocess.Popen:
    """A sweep of five runs as a process of its own."""
    (here / "study.yaml").write_text(
        f"fixed: {{steps: {STEPS}, pace: 0.1}}\n"
        "grid: [{seed: [0, 1, 2, 3, 4]}]\n"
        "metrics: [mig, sap]\n"
    )
    program = [sys.executable, ROOT / "tests/studies/sweeping_process.py"]
    return subprocess.Popen(
        [*program, "sweep", "study.yaml", "--jobs", "2", "--to", "out"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition, process) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def events(here: Path, what: str) -> list[tuple[int, int]]:
    """(seed, step) of what happened."""
    if not (here / "trace").exists():
        return []
    return [(s, step) for w, s, step, _ in places.trace(here) if w == what]


def statuses(here: Path) -> dict[str, str]:
    with open(here / "out" / "table.csv", newline="") as lines:
        return {row["run"]: row["status"] for row in csv.DictReader(lines)}


def test_every_run_is_trained_and_measured_once(here):
    study = places.study_of(3)
    assert swept(study) == []
    assert sorted(events(here, "begins")) == [(0, 0), (1, 0), (2, 0)]
    assert [job.state for job in jobs(study, Path("out"))] == ["finished"] * 3
    assert statuses(here) == dict.fromkeys(study.runs, "finished")
    before = places.trace(here)
    assert swept(study) == []
    assert places.trace(here) == before


@pytest.mark.parametrize("limit", [1, 3])
def test_as_many_run_at_once_as_may(limit, here):
    assert swept(places.study_of(5, pace=0.1), limit) == []
    at_once, most = 0, 0
    for what, *_ in places.trace(here):
        at_once += {"begins": 1, "ends": -1}[what]
        most = max(most, at_once)
    assert most == limit


def test_a_study_that_has_grown_trains_only_what_is_new(here):
    swept(places.study_of(2))
    swept(places.study_of(3))
    assert sorted(events(here, "begins")) == [(0, 0), (1, 0), (2, 0)]


def test_a_run_that_fails_stops_no_other_and_is_tried_again(here):
    study = places.study_of(3, failing=(0,))
    [failed] = swept(study, at_once=1)
    assert (failed.name, failed.state) == ("fails-True_seed-0", "failed")
    assert "no number at all" in failed.log.path.read_text()
    assert statuses(here) == {
        "seed-1": "finished",
        "seed-2": "finished",
        "fails-True_seed-0": "failed",
    }
    [failed] = swept(study, at_once=1)
    assert events(here, "begins")[-1] == (0, 3)  # resumed
    assert len(events(here, "begins")) == 4


def test_without_a_train_py_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="and there is none. Received: /"):
        swept(places.study_of(1))
    assert [*tmp_path.iterdir()] == []


def test_another_run_where_one_belongs_starts_nothing(here):
    swept(places.study_of(1, steps=2))
    before = places.trace(here)
    with pytest.raises(ValueError, match="seed-0 is a run with other options"):
        swept(places.study_of(2, steps=3))
    assert places.trace(here) == before


def test_a_killed_sweep_repeats_nothing_and_leaves_no_two_on_one_run(here):
    study = places.study_of(5, pace=0.1, steps=STEPS)
    process = started(here)
    until(lambda: len(events(here, "begins")) >= 4, process)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    begun = [event for event in places.trace(here) if event[0] == "begins"]
    _, killed, _, child = begun[-1]  # the other goes on alone
    os.kill(child, signal.SIGKILL)
    assert swept(study) == []
    assert statuses(here) == dict.fromkeys(study.runs, "finished")
    begun = [seed for seed, _ in events(here, "begins")]
    assert sorted(begun) == sorted([*range(5), killed])
    assert sorted(events(here, "ends")) == [(n, STEPS) for n in range(5)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_stops_what_runs_and_goes_on_later(number, here):
    study = places.study_of(4, pace=0.1, steps=STEPS)
    places.signal_when(lambda: len(events(here, "begins")) >= 2, number)
    left = swept(study)
    assert {job.state for job in left} == {"waiting"}
    saved = events(here, "saves")
    assert len(saved) + len(events(here, "ends")) == 2
    assert len(saved) > 0
    assert {*statuses(here).values()} <= {"waiting", "finished"}
    assert swept(study) == []
    assert {*saved} <= {*events(here, "begins")}
    assert len(events(here, "ends")) == 4
