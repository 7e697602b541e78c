"""Disentangled variational autoencoders for TensorFlow 2 and Keras 3."""

from tfvae import startup  # isort: skip  # noqa: F401  it comes first

from tfvae import data
from tfvae import figures
from tfvae import metrics
from tfvae import networks
from tfvae import objectives
from tfvae import schedules
from tfvae import serving
from tfvae.models import VAE
from tfvae.training import callbacks
from tfvae.training.runs import load_run
from tfvae.version import VERSION as __version__

__all__ = [
    "VAE",
    "__version__",
    "callbacks",
    "data",
    "figures",
    "load_run",
    "metrics",
    "networks",
    "objectives",
    "schedules",
    "serving",
]
