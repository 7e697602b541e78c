"""Show how far a sweep is."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta

import rich.progress
from rich.console import Console

from tfvae.studies.job import STATES
from tfvae.studies.job import Job

HORIZON = 3600.0  # seconds that the time left is judged by
ALMOST = 0.99  # of a run whose report and metrics are still to come


class View:
    """A bar for all runs, one for each that runs; lines without a terminal.

    Args:
        console: where to write.
        clock: seconds.
    """

    def __init__(
        self, console: Console, clock: Callable[[], float] = time.monotonic
    ):
        self.console = console
        self._states: dict[str, str] = {}
        self._parts: dict[str, float] = {}  # what is done of each that is left
        self._tasks: dict[str, rich.progress.TaskID] = {}
        self._told = False
        self._bars = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}"),
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            speed_estimate_period=HORIZON,
            get_time=clock,
        )

    @contextlib.contextmanager
    def watching(self, every: list[Job], left: list[Job]) -> Iterator[None]:
        """Show the runs while the context lasts.

        Args:
            every: all of the study.
            left: those that are not finished.
        """
        self._states = {job.name: "finished" for job in every}
        self._states |= {job.name: "waiting" for job in left}
        self._parts = {job.name: _part(*job.progress) for job in left}
        self._all = self._bars.add_task(
            self.counts, total=len(every), completed=self.done
        )
        self._say(f"{len(every)} runs: {self.counts}")
        with self._bars:
            yield

    def running(self, jobs: list[Job]) -> None:
        """Show these as the ones that run."""
        for name in self._tasks.keys() - {job.name for job in jobs}:
            self._bars.remove_task(self._tasks.pop(name))
        for job in jobs:
            self._show(job.name, *job.progress)
        self._bars.update(
            self._all, description=self.counts, completed=self.done
        )

    def _show(self, name: str, step: int, steps: int) -> None:
        self._states[name], self._parts[name] = "running", _part(step, steps)
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(
                name, completed=step, total=steps or None
            )
        self._bars.update(
            self._tasks[name], completed=step, total=steps or None
        )

    def ended(self, job: Job) -> None:
        """Say how a run ended."""
        state = self._states[job.name] = job.state
        if state in ("finished", "failed"):
            self._parts[job.name] = 1.0
        self._bars.update(self._all, completed=self.done)
        left = self.seconds_left
        time_left = f", {timedelta(seconds=left)} left" if left else ""
        told = "stopped" if state == "waiting" else state
        self._say(f"{job.name} {told}; {self.counts}{time_left}")

    def stopping(self) -> None:
        """Say, once, that the runs are being stopped."""
        if not self._told:
            self._told = True
            self._say("Stopping; what runs saves itself. Again: at once.")

    @property
    def counts(self) -> str:
        """How many runs are in each state."""
        counted = Counter(self._states.values())
        return ", ".join(f"{counted[s]} {s}" for s in STATES if counted[s])

    @property
    def done(self) -> float:
        """How many runs are done, with the parts of those that are not."""
        whole = len(self._states) - len(self._parts)
        return whole + sum(self._parts.values())

    @property
    def seconds_left(self) -> float | None:
        """To the end of all runs, at the speed so far."""
        return self._bars.tasks[0].time_remaining

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)


def _part(step: int, steps: int) -> float:
    return min(step / steps, ALMOST) if steps else 0.0
