"""Do what is left of a study."""

from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import Future
from concurrent.futures import wait
from pathlib import Path

from tfvae.studies.job import TRAINING
from tfvae.studies.job import Job
from tfvae.studies.job import jobs
from tfvae.studies.processes import Executor
from tfvae.studies.stop import Stop
from tfvae.studies.study import Study
from tfvae.studies.table import Table
from tfvae.studies.view import View

REFRESH = 1.0  # seconds between two looks at what runs


def sweep(
    study: Study,
    directory: Path,
    executor: Executor,
    stop: Stop,
    view: View,
) -> list[Job]:
    """Train and measure every run that is not finished.

    Args:
        study: the runs.
        directory: where they are, in `runs/`, and the table is.
        executor: does them.
        stop: counts when the sweep is told to stop.
        view: is told how far everything is.

    Returns:
        The jobs that are not finished.

    Raises:
        ValueError: if there is no `train.py` here, or another run is where one
            of the study belongs; nothing is started then.
    """
    every = jobs(study, directory)
    if not Path(TRAINING).exists():
        raise ValueError(
            f"A sweep starts {TRAINING} of the current directory, and there is "
            f"none. Received: {Path.cwd()}"
        )
    for job in every:
        job.check()
    table = Table(directory, study.varied, every)
    left = [job for job in every if job.state != "finished"]
    table.write()
    with view.watching(every, left), executor:
        futures = {executor.submit(job): job for job in left}
        _watch(futures, table, stop, view)
    return [job for job in left if job.state != "finished"]


def _watch(
    futures: dict[Future, Job], table: Table, stop: Stop, view: View
) -> None:
    """Until all have ended, or all that ran when the sweep was stopped."""
    while futures:
        done, _ = wait(futures, REFRESH, FIRST_COMPLETED)
        ended = [futures.pop(future) for future in done]
        for future, job in zip(done, ended, strict=True):
            if not future.cancelled():
                future.result()
                view.ended(job)
        running = [job for future, job in futures.items() if future.running()]
        view.running(running)
        if ended:
            table.write(changed=[*ended, *running])
        if stop.times:
            view.stopping()
            for future in futures:
                future.cancel()
