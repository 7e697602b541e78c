"""Figures of a model while it trains."""

import warnings
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tfvae import drawing
from tfvae import figures
from tfvae.data import Dataset
from tfvae.data import as_dataset
from tfvae.metrics.encoding import check_image_shape
from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.events import Events
from tfvae.training.files import save_figure
from tfvae.views import Views

DPI = 100  # a quarter of the time of the report's 160


class FigureWriter(StepCallback):
    """Draw figures as the model stands, as PNG files and for TensorBoard.

    The images are the same each time. A figure that cannot be drawn is left
    out with a warning; training goes on.

    Args:
        dataset: a `tfvae.data.Dataset`, or what `tfvae.data.from_arrays` takes
            as images.
        directory: of the files, `<figure>-<step>.png`.
        names: of `tfvae.figures`.
        every: steps between two drawings; None for the end of each epoch.
        start_step: see `StepCallback`.
        events: directory of the TensorBoard event files; None for none.
        sample: images that are encoded, for the latents' KL and range.
        warn: told of a figure that cannot be drawn.

    Raises:
        ValueError: on an unknown figure; in `fit`, if the model is for images
            of another shape.
    """

    def __init__(
        self,
        dataset: Dataset | np.ndarray,
        directory: Path,
        names: Sequence[str] = ("reconstructions", "traversals"),
        every: int | None = None,
        start_step: int | None = None,
        events: Path | None = None,
        sample: int = 1000,
        warn: Callable[[str], None] = warnings.warn,
    ):
        super().__init__(every, start_step)
        self.dataset = as_dataset(dataset)
        self.directory = Path(directory)
        self.figures = {name: figures.FIGURES[name] for name in names}
        self.events = Events(events)
        self.sample = sample
        self.warn = warn

    def on_start(self, step):
        check_image_shape(self.model, self.dataset)

    def on_step(self, step, logs):
        views = Views(self.model, self.dataset, sample=self.sample)
        for name, figure in self.figures.items():
            try:
                drawn = drawing.draw(figure, views)
            except ValueError as error:
                self.warn(f"No figure {name} at step {step:,}: {error}")
                continue
            file = self.directory / f"{name}-{step:09d}.png"
            save_figure(drawn, file, dpi=DPI)
            self.events.png(name, file, step)

    def on_train_end(self, logs=None):
        self.events.flush()
