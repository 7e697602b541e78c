"""Disentanglement while a model trains."""

from pathlib import Path

import numpy as np

from tfvae import metrics as measures
from tfvae.data import Dataset
from tfvae.data import as_dataset
from tfvae.metrics.evaluate import chosen
from tfvae.training import rows
from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.events import Events


class Metrics(StepCallback):
    """Measure a model with `tfvae.metrics`, and add the scores to the logs.

    A score is named as its metric, such as "mig", or "<metric>/<score>" where
    a metric has several, such as "dci/completeness". Every epoch ends with the
    last scores in its logs, measured then if none were: callbacks that come
    after this one in the list can monitor them, and an epoch without a
    measurement repeats the scores before. What could not be measured is NaN.

    Args:
        dataset: a `tfvae.data.Dataset`, or what `tfvae.data.from_arrays` takes
            as images.
        metrics: "fast", "all", a name, or a list of names.
        every: steps between two measurements; None for the end of each epoch.
        start_step: see `StepCallback`.
        file: a CSV file with a row a measurement; None for none.
        events: directory of the TensorBoard event files; None for none.
        images: how many are encoded; the same each time.
        seed: of the draw of images and of every metric.

    Raises:
        ValueError: on an unknown metric; in `fit`, if one that is named cannot
            be measured on this data set.

    Attributes:
        scores: the last, by name.
    """

    def __init__(
        self,
        dataset: Dataset | np.ndarray,
        metrics: str | list[str] = "fast",
        every: int | None = None,
        start_step: int | None = None,
        file: Path | None = None,
        events: Path | None = None,
        images: int = 4500,
        seed: int = 0,
    ):
        super().__init__(every, start_step)
        chosen(metrics)  # a wrong name shows before training
        self.dataset = as_dataset(dataset)
        self.metrics = metrics
        self.file = file and Path(file)
        self.events = Events(events)
        self.images, self.seed = images, seed
        self.scores: dict[str, float] = {}

    def on_start(self, step):
        self.scores = {}
        if self.file:
            rows.keep_until(self.file, step)

    def on_step(self, step, logs):
        unknown = dict.fromkeys(self.scores, np.nan)
        self.scores = {**unknown, **self._measure()}
        if self.file:
            rows.append({"step": step, **self.scores}, self.file)
        self.events.scalars(self.scores, step)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        if not self.scores:
            self.on_step(self.step, logs)
        logs.update(self.scores)

    def on_train_end(self, logs=None):
        self.events.flush()

    def _measure(self) -> dict[str, float]:
        measured = measures.evaluate(
            self.model,
            self.dataset,
            self.metrics,
            self.seed,
            images=self.images,
            resamples=0,
        )["metrics"]
        return {
            metric if score == metric else f"{metric}/{score}": (
                np.nan if value is None else value
            )
            for metric, result in measured.items()
            for score, value in result.get("scores", {}).items()
        }
