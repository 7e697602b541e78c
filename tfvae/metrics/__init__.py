"""Disentanglement metrics: pure functions of arrays of codes and factors."""

from tfvae.metrics.explicitness import explicitness
from tfvae.metrics.irs import irs
from tfvae.metrics.mig import mig
from tfvae.metrics.modularity import modularity
from tfvae.metrics.sap import sap

__all__ = ["explicitness", "irs", "mig", "modularity", "sap"]
