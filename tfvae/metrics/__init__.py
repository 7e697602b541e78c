"""Disentanglement metrics: pure functions of arrays; one file each."""

from tfvae.metrics.base import METRICS
from tfvae.metrics.evaluate import evaluate
from tfvae.metrics.udr import udr
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

names = METRICS.names

# a metric's name is the function, no longer the module it is in
globals().update({name: METRICS[name] for name in names()})

__all__ = ["METRICS", "evaluate", "names", "udr", *names()]
