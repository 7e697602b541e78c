"""Figures: pure functions of arrays that give a matplotlib Figure."""

from tfvae.figures.base import COMPARISONS
from tfvae.figures.base import FIGURES
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

# a figure's name is the function, no longer the module it is in
globals().update({name: FIGURES[name] for name in FIGURES.names()})
globals().update({name: COMPARISONS[name] for name in COMPARISONS.names()})

__all__ = ["COMPARISONS", "FIGURES", *FIGURES.names(), *COMPARISONS.names()]
