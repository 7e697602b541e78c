"""Write what the terms did."""

from collections.abc import Callable
from pathlib import Path

from tfvae.training import rows
from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.events import Events


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
        start_step: see `StepCallback`.
        report: called with each new row.
    """

    def __init__(
        self,
        file: Path,
        events: Path | None = None,
        every: int = 100,
        start_step: int | None = None,
        report: Callable[[dict[str, float]], None] | None = None,
    ):
        super().__init__(every, start_step)
        self.file = Path(file)
        self.report = report
        self.events = Events(events)
        self.last_row = self.step

    def on_start(self, step):
        self.model.take_recent(self)
        self.last_row = step
        rows.keep_until(self.file, step)

    def on_step(self, step, logs):
        self.last_row = step
        values = self.model.take_recent(self)
        row = {"step": step, **values}
        rows.append(row, self.file)
        self.events.scalars(values, step)
        if self.report:
            self.report(row)

    def on_train_end(self, logs=None):
        if self.step > self.last_row:
            self.on_step(self.step, logs)
        self.events.flush()
