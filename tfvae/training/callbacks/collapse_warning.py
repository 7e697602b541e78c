"""Say so when the latents cost much and say nothing."""

import math
import warnings
from collections.abc import Callable

import numpy as np

from tfvae.data import Dataset
from tfvae.data import as_dataset
from tfvae.metrics.encoding import check_image_shape
from tfvae.training import collapse
from tfvae.training.callbacks.step_callback import StepCallback

PER_PIXEL = 0.01  # nats; a sum over pixels is larger, however dark the images


class CollapseWarning(StepCallback):
    """Warn, once, when the KL is high and the reconstructions ignore it.

    It is what happens when a reconstruction is averaged over pixels where the
    papers sum, which multiplies the price of a nat by the number of pixels, or
    when gamma or beta is as much too large. A model whose KL is near 0, or
    whose latents say something, gives no warning.

    Args:
        dataset: a `tfvae.data.Dataset`, or what `tfvae.data.from_arrays` takes
            as images.
        every: steps between two looks; None for the end of each epoch.
        start_step: see `StepCallback`.
        images: how many it looks at; the same each time.
        warn: told of it.

    Raises:
        ValueError: in `fit`, if the model is for images of another shape.

    Attributes:
        found: the signs it warned of, a `tfvae.training.collapse.Signs`; None
            before.
    """

    def __init__(
        self,
        dataset: Dataset | np.ndarray,
        every: int | None = 1000,
        start_step: int | None = None,
        images: int = 64,
        warn: Callable[[str], None] = warnings.warn,
    ):
        super().__init__(every, start_step)
        self.dataset = as_dataset(dataset)
        order = np.random.default_rng(0).permutation(self.dataset.size)
        drawn = self.dataset.images(order[:images])
        self.images = self.dataset.floats(drawn)
        self.warn = warn
        self.found: collapse.Signs | None = None

    def on_start(self, step):
        check_image_shape(self.model, self.dataset)

    def on_step(self, step, logs):
        if self.found:
            return
        means, log_vars = self.model.encode(self.images)
        reconstructions = self.model.decode(means)
        arrays = (a.numpy() for a in (means, log_vars, reconstructions))
        signs = collapse.signs(*arrays, self.images)
        if signs.collapsed:
            self.found = signs
            self.warn(f"At step {step:,} {self._explain(signs, logs)}")

    def _explain(self, signs: collapse.Signs, logs: dict[str, float]) -> str:
        pixels = math.prod(self.images.shape[1:])
        nll = logs["nll"]
        seen = (
            f"the KL is {signs.kl:.1f} nats, of which at most "
            f"{signs.information:.1f} are about the image, and every "
            f"reconstruction is the same (they have {signs.spread:.1%} of the "
            "variance of the images). "
        )
        if abs(nll) < PER_PIXEL * pixels:
            return seen + (
                f"The reconstruction term, {nll:.3g} nats an image, is an "
                f"average over the {pixels:,} pixels: sum it, or every nat of "
                f"KL costs {pixels:,} times what it should (docs/loss.md)."
            )
        return seen + (
            f"The reconstruction term is {nll:.0f} nats an image. If that is "
            f"the sum over all {pixels:,} pixels, gamma or beta is far too "
            "large (docs/loss.md)."
        )
