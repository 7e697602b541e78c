"""Callbacks of a run; each works in anybody's `fit`.

They count training steps, not epochs: `start_step` is how many were done
before this `fit`.
"""

import csv
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Self

import keras
import numpy as np
import rich.progress
import tensorflow as tf
from rich.console import Console

from tfvae.training.checkpoints import Checkpoints
from tfvae.training.checkpoints import NotANumber
from tfvae.training.files import replacing


class StepCallback(keras.callbacks.Callback):
    """Base class: calls `on_step` after every `every` training steps.

    Args:
        every: steps between two calls.
        start_step: steps done before this `fit`.
    """

    def __init__(self, every: int, start_step: int = 0):
        super().__init__()
        self.every = every
        self.start_step = start_step
        self.step = start_step
        self._done_before_epoch = start_step

    def on_epoch_begin(self, epoch, logs=None):
        self._done_before_epoch = self.step

    def on_train_batch_end(self, batch, logs=None):
        before = self.step
        self.step = self._done_before_epoch + batch + 1
        if self.step // self.every > before // self.every:
            self.on_step(self.step, logs or {})

    def on_step(self, step: int, logs: dict) -> None:
        """What to do at a step that is due; `logs` as Keras gives them."""
        raise NotImplementedError


class NaNGuard(StepCallback):
    """Stop at the first step after which a term of the loss is not finite.

    Args:
        every: steps between two looks.
        start_step: steps done before this `fit`.

    Raises:
        NotANumber: in `fit`; it names the step and the terms.
    """

    def __init__(self, every: int = 1, start_step: int = 0):
        super().__init__(every, start_step)

    def on_step(self, step, logs):
        bad = [k for k, v in logs.items() if not np.isfinite(float(v))]
        if bad:
            raise NotANumber(
                f"The loss is not a number at step {step}: "
                f"{', '.join(bad)}. Lower the learning rate, or use float32."
            )


class History(StepCallback):
    """Write the terms, the schedules and the KL of every latent to a CSV file
    and to TensorBoard.

    Each row holds means over the steps of this `fit` since the row before. A
    `fit` that ends without an error ends with a row. A resumed run drops the
    rows after its checkpoint.

    Args:
        file: the CSV file.
        events: directory of the TensorBoard event files; None for none.
        every: steps between two rows.
        start_step: steps done before this `fit`.
        report: called with each new row.
    """

    def __init__(
        self,
        file: Path,
        events: Path | None = None,
        every: int = 100,
        start_step: int = 0,
        report: Callable[[dict[str, float]], None] | None = None,
    ):
        super().__init__(every, start_step)
        self.file = Path(file)
        self.report = report
        self.writer = events and tf.summary.create_file_writer(str(events))

    def on_train_begin(self, logs=None):
        self.model.take_recent()
        self.last_row = self.start_step
        _keep_rows_until(self.file, self.start_step)

    def on_step(self, step, logs):
        self.last_row = step
        values = {**self._schedules(step), **self.model.take_recent()}
        row = {"step": step, **values}
        _append(row, self.file)
        if self.writer:
            with self.writer.as_default(step):
                for name, value in values.items():
                    tf.summary.scalar(name, value)
        if self.report:
            self.report(row)

    def on_train_end(self, logs=None):
        if self.step > self.last_row:
            self.on_step(self.step, logs)
        if self.writer:
            self.writer.flush()

    def _schedules(self, step) -> dict[str, float]:
        return {
            name: float(value)
            for name, value in self.model.objective.schedules(step).items()
            if name not in self.model.objective.terms
        }


def _append(row: dict[str, float], file: Path) -> None:
    with open(file, "a", newline="") as lines:
        writer = csv.DictWriter(lines, row, lineterminator="\n")
        if lines.tell() == 0:
            writer.writeheader()
        writer.writerow(row)


def _keep_rows_until(file: Path, step: int) -> None:
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    if not lines:
        return
    header, *rows = lines
    # a kill may have left half a row at the end
    complete = [row for row in rows if row.endswith("\n")]
    kept = [row for row in complete if int(row.split(",")[0]) <= step]
    with replacing(file) as temporary:
        temporary.write_text("".join([header, *kept] if kept else []))


class Checkpoint(StepCallback):
    """Save a checkpoint every so many steps.

    Args:
        checkpoints: where they go.
        every: steps between two.
        start_step: steps done before this `fit`.
    """

    def __init__(
        self, checkpoints: Checkpoints, every: int = 1000, start_step: int = 0
    ):
        super().__init__(every, start_step)
        self.checkpoints = checkpoints

    def on_step(self, step, logs):
        self.checkpoints.save(self.model, step)


class StopOnSignal(keras.callbacks.Callback):
    """End `fit` after the step at hand on Ctrl-C or SIGTERM.

    A second signal does what it would have done. A context manager around
    `fit`, so that the handlers come back even when `fit` fails:

        with StopOnSignal() as stop:
            model.fit(images, callbacks=[stop])

    Attributes:
        stopped: whether a signal came.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    stopped = False

    def __enter__(self) -> Self:
        self._before = {s: signal.signal(s, self._stop) for s in self.SIGNALS}
        return self

    def __exit__(self, *error):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        # a signal before the first step would be forgotten by `fit`
        self.model.stop_training = self.model.stop_training or self.stopped

    def _stop(self, number, frame):
        self.stopped = True
        signal.signal(number, self._before[number])


class Progress(StepCallback):
    """A bar with the time left, images per second and the terms.

    Without a terminal it prints a line whenever `show` is called. A context
    manager around `fit`, so that the terminal comes back even when `fit`
    fails.

    Args:
        batch_size: images a step.
        steps: the step at which training ends.
        start_step: steps done before this `fit`.
        console: where to write.
    """

    def __init__(
        self,
        batch_size: int,
        steps: int,
        start_step: int = 0,
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
        self.task = self.bar.add_task("", total=steps, completed=start_step)

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
