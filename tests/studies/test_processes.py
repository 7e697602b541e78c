"""What each process gets of the machine."""

import time

import pytest

from tests.studies import places
from tfvae import machine
from tfvae.studies import Processes
from tfvae.studies import Stop
from tfvae.studies.processes import THREADS
from tfvae.studies.processes import environment


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch):
    monkeypatch.setattr(machine, "cores", lambda: 8)
    monkeypatch.setattr(machine, "gpus", list)
    for name in (*THREADS, "CUDA_VISIBLE_DEVICES"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("jobs", "threads"), [(1, "8"), (3, "2"), (8, "1"), (20, "1")]
)
def test_the_cores_are_shared(jobs, threads):
    given = environment(0, jobs)
    assert {given[name] for name in THREADS} == {threads}
    assert "CUDA_VISIBLE_DEVICES" not in given


def test_what_the_user_has_set_stays(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    given = environment(0, 4)
    assert given["OMP_NUM_THREADS"] == "5"
    assert given["TF_NUM_INTRAOP_THREADS"] == "2"


def test_each_process_has_one_gpu(monkeypatch):
    monkeypatch.setattr(machine, "gpus", lambda: ["4", "6"])
    given = [environment(place, 3) for place in range(3)]
    visible = [each["CUDA_VISIBLE_DEVICES"] for each in given]
    assert visible == ["4", "6", "4"]
    assert given[0]["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_one_process_at_a_time_has_all_gpus(monkeypatch):
    monkeypatch.setattr(machine, "gpus", lambda: ["4", "6"])
    assert "CUDA_VISIBLE_DEVICES" not in environment(0, 1)


def test_an_error_outside_stops_what_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(places.make(tmp_path))
    [job] = places.jobs_of(1, tmp_path, steps=1000, pace=0.1)
    stop = Stop()
    with pytest.raises(OSError), Processes(1, stop) as processes:
        future = processes.submit(job)
        while not job.progress[0]:
            time.sleep(0.02)
        raise OSError
    assert future.result() == 130
    assert job.state == "waiting"
