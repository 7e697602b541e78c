"""Figures: pure functions of arrays that give a matplotlib Figure."""

from tfvae.figures.reconstructions import reconstructions
from tfvae.figures.traversals import traversals

__all__ = ["reconstructions", "traversals"]
