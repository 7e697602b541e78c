"""Callbacks of training; each works in anybody's `fit`.

Those that write, measure or look do so every so many training steps, epochs or
not; the first step of a model is step 1, whichever `fit` it was in.
"""

from tfvae.training.callbacks.checkpoint import Checkpoint
from tfvae.training.callbacks.collapse_warning import CollapseWarning
from tfvae.training.callbacks.figure_writer import FigureWriter
from tfvae.training.callbacks.history import History
from tfvae.training.callbacks.latent_kl import LatentKL
from tfvae.training.callbacks.metrics import Metrics
from tfvae.training.callbacks.nan_guard import NaNGuard
from tfvae.training.callbacks.progress import Progress
from tfvae.training.callbacks.step_callback import StepCallback
from tfvae.training.callbacks.stop_on_signal import StopOnSignal
from tfvae.training.checkpoints import NotANumber

__all__ = [
    "Checkpoint",
    "CollapseWarning",
    "FigureWriter",
    "History",
    "LatentKL",
    "Metrics",
    "NaNGuard",
    "NotANumber",
    "Progress",
    "StepCallback",
    "StopOnSignal",
]
