"""Stop where a loss is no number."""

import numpy as np

from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.checkpoints import NotANumber


class NaNGuard(StepCallback):
    """Stop at the first step after which a term of the loss is not finite.

    Args:
        every: steps between two looks.
        start_step: see `StepCallback`.

    Raises:
        NotANumber: in `fit`; it names the step and the terms.
    """

    def __init__(self, every: int = 1, start_step: int | None = None):
        super().__init__(every, start_step)

    def on_step(self, step, logs):
        bad = [k for k, v in logs.items() if not np.isfinite(float(v))]
        if bad:
            raise NotANumber(
                f"The loss is not a number at step {step}: "
                f"{', '.join(bad)}. Lower the learning rate, or use float32."
            )
