"""How far a sweep is, on a terminal and elsewhere."""

import io
import os

import pytest
from rich.console import Console

from tests.studies import places
from tfvae.studies.processes import perform
from tfvae.studies.stop import Stop
from tfvae.studies.view import View


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """One that is finished, one at step 100 of 400, two that wait."""
    monkeypatch.chdir(places.make(tmp_path))
    jobs = places.jobs_of(4, tmp_path)
    perform(jobs[0], os.environ, Stop())
    run = jobs[1].run
    run.open({"steps": 400}, resume=False)
    run.history_file.write_text("step,loss\n100,1.0\n")
    return jobs


def test_without_a_terminal_it_is_a_line_for_each_end(jobs):
    out = io.StringIO()
    view = View(Console(file=out))
    with view.watching(jobs, jobs[1:]):
        view.running(jobs[1:3])
        perform(jobs[2], os.environ, Stop())
        view.ended(jobs[2])
        view.running(jobs[1:2])
        view.stopping()
        view.stopping()
        view.ended(jobs[1])
    first, second, *stopping, last = out.getvalue().splitlines()
    assert first == "4 runs: 3 waiting, 1 finished"
    assert second == "seed-2 finished; 1 waiting, 1 running, 2 finished"
    assert stopping == ["Stopping; what runs saves itself. Again: at once."]
    assert last == "seed-1 stopped; 2 waiting, 2 finished"


def test_on_a_terminal_each_running_one_has_a_bar(jobs):
    out = io.StringIO()
    screen = Console(file=out, force_terminal=True, width=100, height=30)
    view = View(screen)
    with view.watching(jobs, jobs[1:]):
        view.running(jobs[1:3])
    shown = out.getvalue()
    assert "1 waiting, 2 running, 1 finished" in shown
    assert "100/400" in shown
    assert "seed-1" in shown
    assert "seed-2" in shown
    assert "seed-3" not in shown
    assert "2/4" not in shown
    assert view.done == 1.25
    jobs[1].run.history_file.write_text("step,loss\n400,1.0\n")
    view.running(jobs[1:2])
    assert view.done == 1.99  # it is not measured yet


def test_the_time_left_is_that_of_all_runs(jobs):
    now = 0.0
    view = View(Console(file=io.StringIO()), clock=lambda: now)
    with view.watching(jobs, jobs[1:]):
        for step in (200, 300):  # a quarter of a run in 10 seconds
            now += 10
            jobs[1].run.history_file.write_text(f"step,loss\n{step},1.0\n")
            view.running(jobs[1:2])
    assert view.done == 1.75
    assert view.seconds_left == (4 - 1.75) / 0.025
