"""Show how far training is."""

import time
from datetime import timedelta
from typing import Self

import rich.progress
from rich.console import Console

from tfvae.training.callbacks.step_callback import StepCallback


class Progress(StepCallback):
    """A bar with the time left, images per second and the terms.

    Without a terminal it prints a line whenever `show` is called. A context
    manager around `fit`, so that the terminal comes back even when `fit`
    fails.

    Args:
        batch_size: images a step.
        steps: the step at which training ends.
        start_step: see `StepCallback`.
        console: where to write.
    """

    def __init__(
        self,
        batch_size: int,
        steps: int,
        start_step: int | None = None,
        console: Console | None = None,
    ):
        super().__init__(1, start_step)
        self.batch_size = batch_size
        self.steps = steps
        self.console = console or Console()
        self.first: tuple[int, float] | None = None
        self.last: tuple[int, float] | None = None
        self.bar = rich.progress.Progress(
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TimeRemainingColumn(),
            rich.progress.TextColumn("{task.description}"),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.task = self.bar.add_task("", total=steps, completed=self.step)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *error):
        self.bar.stop()

    def on_step(self, step, logs):
        self.last = step, time.monotonic()
        self.first = self.first or self.last  # the first step compiles
        self.bar.update(self.task, completed=step)

    def show(self, row: dict[str, float]) -> None:
        """Show the terms of a row of the history."""
        terms = "  ".join(
            f"{name} {value:.2f}"
            for name, value in row.items()
            if name in self.model.objective.terms
        )
        text = f"{self.images_per_second:,.0f} images/s  {terms}"
        self.bar.update(self.task, description=text)
        if not self.console.is_terminal:
            left = timedelta(seconds=round(self.seconds_left))
            self.console.print(
                f"step {self.step:,}/{self.steps:,}  {left} left  {text}",
                highlight=False,
                soft_wrap=True,
            )

    @property
    def images_per_second(self) -> float:
        """From the end of the first step to the end of the last."""
        if self.first == self.last:
            return 0.0
        (first, began), (last, ended) = self.first, self.last
        return (last - first) * self.batch_size / (ended - began)

    @property
    def seconds_left(self) -> float:
        """To the end, at the speed so far; 0 before there is one."""
        images = (self.steps - self.step) * self.batch_size
        speed = self.images_per_second
        return images / speed if speed else 0.0
