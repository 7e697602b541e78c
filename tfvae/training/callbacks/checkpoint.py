"""Save what a run goes on from."""

from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.checkpoints import Checkpoints


class Checkpoint(StepCallback):
    """Save a checkpoint every so many steps.

    Args:
        checkpoints: where they go.
        every: steps between two.
        start_step: see `StepCallback`.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        every: int = 1000,
        start_step: int | None = None,
    ):
        super().__init__(every, start_step)
        self.checkpoints = checkpoints

    def on_step(self, step, logs):
        self.checkpoints.save(self.model, step)
