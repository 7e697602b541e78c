"""The user's own images in an npz file."""

from dataclasses import dataclass

import numpy as np

from tfvae.data.archives import reading
from tfvae.data.arrays import Arrays
from tfvae.data.arrays import checked
from tfvae.data.base import DATASETS


@DATASETS.register("npz")
@dataclass(eq=False)
class Npz(Arrays):
    """Your own images, in an npz file.

    It holds `images` and, if there, `factors`, as `from_arrays` takes them.

    Attributes:
        path: the npz file; it is never unpickled.
    """

    path: str

    obtained = "a file of yours"
    licence = "yours"
    citation = "yours"

    def __post_init__(self):
        super().__init__(*checked(*read(self.path)))


def read(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    """The arrays `images` and `factors` (or None) of an npz file.

    Raises:
        ValueError: if the file is missing, damaged, or without images.
    """
    # opened here, since np.load leaves a damaged file open
    with (
        reading(path, "The file must be an npz with an array `images`."),
        open(path, "rb") as file,
    ):
        arrays = np.load(file, allow_pickle=False)
        if isinstance(arrays, np.ndarray):
            raise ValueError("it holds a single array")
        return arrays["images"], arrays.get("factors")
