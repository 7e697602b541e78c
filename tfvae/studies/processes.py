"""The runs of a study in processes of this machine."""

import os
import queue
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from typing import Self

from tfvae import machine
from tfvae.studies.job import Job
from tfvae.studies.log import execute
from tfvae.studies.stop import INTERRUPTED
from tfvae.studies.stop import Stop

THREADS = (
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)


class Executor(Protocol):
    """What does jobs; entered before the first, left after the last."""

    def submit(self, job: Job) -> Future[int]:
        """Do what is left of a job; its exit status."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error) -> None:
        """Stop whatever still runs."""


class Processes:
    """At most so many jobs at once, each in a process of its own.

    Args:
        jobs: how many at once.
        stop: when it counts, every process is told.
    """

    def __init__(self, jobs: int, stop: Stop):
        self._stop = stop
        self._threads = ThreadPoolExecutor(jobs)
        self._environments = queue.SimpleQueue()
        for place in range(jobs):
            self._environments.put(environment(place, jobs))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        if any(error):
            self._stop.times += 1
        self._threads.shutdown(cancel_futures=True)

    def submit(self, job: Job) -> Future[int]:
        """Do what is left of a job; its exit status."""
        return self._threads.submit(self._perform, job)

    def _perform(self, job: Job) -> int:
        mine = self._environments.get()
        try:
            return perform(job, mine, self._stop)
        finally:
            self._environments.put(mine)


def perform(job: Job, environment: Mapping[str, str], stop: Stop) -> int:
    """Do what is left of a job, one process after the other.

    A run that a killed sweep has left running is waited for.

    Returns:
        The first exit status that is not 0, or 0.
    """
    with job.log.held(stop) as log:
        for program, command in job.left():
            if stop.times:
                return INTERRUPTED
            status = execute(program, command, environment, log, stop)
            if status:
                return status
    return 0


def environment(place: int, jobs: int) -> dict[str, str]:
    """What the process in one of `jobs` places gets of the machine.

    Its share of the cores, unless the user has set other numbers of threads;
    one GPU if there are several places, and no more of its memory than it
    needs.
    """
    share = str(max(1, machine.cores() // jobs))
    defaults = dict.fromkeys(THREADS, share)
    defaults["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    own = {}
    if jobs > 1 and (gpus := machine.gpus()):
        own["CUDA_VISIBLE_DEVICES"] = gpus[place % len(gpus)]
    return {**defaults, **os.environ, **own}
