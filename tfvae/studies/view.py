"""Show how far a sweep is."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import rich.progress
from rich.console import Console

from tfvae.studies.job import STATES
from tfvae.studies.job import Job

HORIZON = 3600.0  # seconds that the time left is judged by


class View:
    """A bar for all runs, one for each that runs; lines without a terminal.

    Args:
        console: where to write.
    """

    def __init__(self, console: Console):
        self.console = console
        self.states: dict[str, str] = {}
        self._told = False
        self._tasks: dict[str, int] = {}
        self._bars = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}"),
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            speed_estimate_period=HORIZON,
        )

    @contextlib.contextmanager
    def watching(self, every: list[Job], left: list[Job]) -> Iterator[None]:
        """Show the runs while the context lasts.

        Args:
            every: all of the study.
            left: those that are not finished.
        """
        self.states = {job.name: "finished" for job in every}
        self.states |= {job.name: "waiting" for job in left}
        self._all = self._bars.add_task(
            self.counts, total=len(every), completed=self._done
        )
        self._say(f"{len(every)} runs: {self.counts}")
        with self._bars:
            yield

    def running(self, jobs: list[Job]) -> None:
        """Show these as the ones that run."""
        parts = 0.0
        for name in self._tasks.keys() - {job.name for job in jobs}:
            self._bars.remove_task(self._tasks.pop(name))
        for job in jobs:
            self.states[job.name] = "running"
            step, steps = job.progress
            parts += step / steps if steps else 0.0
            if job.name not in self._tasks:
                self._tasks[job.name] = self._bars.add_task(job.name)
            self._bars.update(
                self._tasks[job.name], completed=step, total=steps or None
            )
        self._bars.update(
            self._all, description=self.counts, completed=self._done + parts
        )

    def ended(self, job: Job) -> None:
        """Say how a run ended."""
        self.states[job.name] = job.state
        state = job.state if job.state != "waiting" else "stopped"
        left = self._bars.tasks[0].time_remaining
        time = f", {timedelta(seconds=round(left))} left" if left else ""
        self._say(f"{job.name} {state}; {self.counts}{time}")

    def stopping(self) -> None:
        """Say, once, that the runs are being stopped."""
        if not self._told:
            self._told = True
            self._say("Stopping; what runs saves itself. Again: at once.")

    @property
    def counts(self) -> str:
        """How many runs are in each state."""
        counted = Counter(self.states.values())
        return ", ".join(f"{counted[s]} {s}" for s in STATES if counted[s])

    @property
    def _done(self) -> int:
        counted = Counter(self.states.values())
        return counted["finished"] + counted["failed"]

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)
