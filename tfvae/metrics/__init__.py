"""Disentanglement metrics: pure functions of arrays of codes and factors."""

from tfvae.metrics.mig import mig

__all__ = ["mig"]
