"""What is left of a run, from its files alone."""

import json
import os
import sys

import pytest

from tests.studies import places
from tfvae.commands import exits
from tfvae.studies.log import execute
from tfvae.studies.processes import perform
from tfvae.studies.stop import INTERRUPTED
from tfvae.studies.stop import Stop


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A run of three steps, not begun."""
    monkeypatch.chdir(places.make(tmp_path))
    [job] = places.jobs_of(1, tmp_path, beta="0:4:10", flag=True, other=False)
    return job


def commands(job) -> list[list[str]]:
    return [command for _, command in job.left()]


def test_a_new_run_is_trained_then_measured(job):
    directory = str(job.run.directory)
    training, evaluation = commands(job)
    assert training == [
        sys.executable,
        "train.py",
        "--steps=3",
        "--beta=0:4:10",
        "--flag",
        "--seed=0",
        f"--run-dir={directory}",
    ]
    assert evaluation[1:] == [
        *("-m", "tfvae", "evaluate", directory),
        *("--metrics", "mig,sap"),
    ]
    assert job.state == "waiting"
    assert job.progress == (0, 0)
    job.check()


def test_a_run_that_has_begun_is_resumed(job):
    job.run.open({"steps": 3}, resume=False)
    assert commands(job)[0][-1] == "--resume"


def test_a_finished_run_has_nothing_left(job):
    assert perform(job, os.environ, Stop()) == 0
    assert (job.state, commands(job)) == ("finished", [])
    assert job.progress == (3, 3)
    assert job.log.status == 0
    job.check()


def test_a_model_without_its_numbers_is_not_trained(job):
    perform(job, os.environ, Stop())
    job.run.metrics_file.unlink()
    assert (job.trained, job.state) == (False, "failed")


def test_what_more_is_asked_for_is_measured(job):
    perform(job, os.environ, Stop())
    job.measured = "mig,dci"
    [evaluation] = commands(job)
    assert evaluation[-1] == "mig,dci"


def test_half_a_row_of_a_history_is_not_read(job):
    job.run.open({"steps": 300}, resume=False)
    rows = "".join(f"{step},1.0\n" for step in range(0, 300, 100))
    job.run.history_file.write_text("step,loss\n")
    assert job.progress == (0, 0)
    job.run.history_file.write_text(f"step,loss\n{rows}3")
    assert job.progress == (200, 300)


def test_another_run_in_its_place_is_told(job):
    perform(job, os.environ, Stop())
    stored = job.run.params()
    stored["command"] = stored["command"].replace("--steps=3", "--steps=4")
    job.run.params_file.write_text(json.dumps(stored))
    with pytest.raises(ValueError, match="other options; move it away") as e:
        job.check()
    assert "--steps=4" in str(e.value)


@pytest.mark.parametrize(
    ("status", "state"),
    [(1, "failed"), (-9, "failed"), (-15, "waiting"), (130, "waiting")],
)
def test_how_the_last_process_ended_says_the_state(status, state, job):
    program = f"import os; os.kill(os.getpid(), {-status})"
    program = program if status < 0 else f"raise SystemExit({status})"
    with job.log.held(Stop()) as log:
        command = [sys.executable, "-c", program]
        assert job.state == "running"
        assert execute("x", command, os.environ, log, Stop()) == status
    assert (job.log.status, job.state) == (status, state)


def test_the_exit_status_of_an_interruption_is_that_of_the_programs():
    assert INTERRUPTED == exits.INTERRUPTED
