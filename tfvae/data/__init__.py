"""Data sets; one file each."""

from tfvae.data.arrays import as_dataset
from tfvae.data.arrays import from_arrays
from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset
from tfvae.registry import import_siblings

import_siblings(__name__, __path__)

load = DATASETS.get
names = DATASETS.names

__all__ = [
    "DATASETS",
    "Dataset",
    "as_dataset",
    "from_arrays",
    "load",
    "names",
]
