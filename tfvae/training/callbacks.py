"""Callbacks of a run; each works in anybody's `fit`.

They count training steps, not epochs: `start_step` is how many were done
before this `fit`.
"""

import csv
import io
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import keras
import numpy as np
import rich.progress
import tensorflow as tf
from rich.console import Console

from tfvae.training.checkpoints import Checkpoints
from tfvae.training.files import replacing


class NotANumber(ValueError):
    """A term of the loss became NaN or infinite."""


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

    Each row holds means over the steps since the row before. The file is
    replaced as a whole, and a resumed run drops the rows after its checkpoint.

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
        self.rows = _rows_until(self.file, start_step)
        self.writer = events and tf.summary.create_file_writer(str(events))

    def on_step(self, step, logs):
        row = {"step": step, **self._values(step, logs)}
        self.rows.append(row)
        self._write()
        if self.writer:
            with self.writer.as_default(step):
                for name, value in row.items():
                    tf.summary.scalar(name, value)
        if self.report:
            self.report(row)
        self.model.reset_metrics()

    def on_train_end(self, logs=None):
        if self.writer:
            self.writer.flush()

    def _values(self, step, logs) -> dict[str, float]:
        terms = {name: float(value) for name, value in logs.items()}
        schedules = {
            name: float(value)
            for name, value in self.model.objective.schedules(step).items()
        }
        latent_kl = {
            f"kl/{latent}": float(value)
            for latent, value in enumerate(self.model.latent_kl.result())
        }
        return {**schedules, **terms, **latent_kl}

    def _write(self) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, self.rows[-1], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        with replacing(self.file) as temporary:
            temporary.write_text(text.getvalue())


def _rows_until(file: Path, step: int) -> list[dict[str, float]]:
    if not file.exists():
        return []
    with open(file, newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [row for row in rows if int(row["step"]) <= step]


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

    A second signal does what it would have done.

    Attributes:
        stopped: whether a signal came.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    stopped = False

    def on_train_begin(self, logs=None):
        self._before = {s: signal.signal(s, self._stop) for s in self.SIGNALS}

    def on_train_end(self, logs=None):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number, frame):
        self.stopped = True
        self.model.stop_training = True
        signal.signal(number, self._before[number])


class Progress(StepCallback):
    """A bar with the time left, images per second and the terms.

    Without a terminal it prints a line whenever `show` is called.

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
        self.bar = rich.progress.Progress(
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TimeRemainingColumn(),
            rich.progress.TextColumn("{task.description}"),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.task = self.bar.add_task("", total=steps, completed=start_step)

    def on_train_begin(self, logs=None):
        self.bar.start()

    def on_step(self, step, logs):
        if step == self.start_step + 1:
            self.since = time.monotonic()  # the first step compiles
        self.bar.update(self.task, completed=step)

    def on_train_end(self, logs=None):
        self.bar.stop()

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
            print(
                f"step {self.step:,}/{self.steps:,}  "
                f"{timedelta(seconds=round(self.seconds_left))} left  {text}",
                flush=True,
            )

    @property
    def images_per_second(self) -> float:
        """Since the first step."""
        done = self.step - self.start_step - 1
        elapsed = time.monotonic() - self.since
        return done * self.batch_size / elapsed if done else 0.0

    @property
    def seconds_left(self) -> float:
        """To the end, at the speed so far; 0 before there is one."""
        images = (self.steps - self.step) * self.batch_size
        speed = self.images_per_second
        return images / speed if speed else 0.0
