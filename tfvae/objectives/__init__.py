"""Objectives: one file a family; a new file is found by its being here."""

from tfvae.objectives.base import OBJECTIVES
from tfvae.objectives.base import Objective
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

get = OBJECTIVES.get
names = OBJECTIVES.names

__all__ = ["OBJECTIVES", "Objective", "get", "names"]
