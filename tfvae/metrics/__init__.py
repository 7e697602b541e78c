"""Disentanglement metrics: pure functions of arrays; one file each."""

from tfvae.metrics.base import METRICS
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

names = METRICS.names

# after the import of its module, a metric's name is the function
globals().update({name: METRICS[name] for name in names()})

__all__ = ["METRICS", "names"] + names()  # noqa: PLE0605
