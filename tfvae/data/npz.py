"""The user's own images in an npz file."""

import zipfile
from dataclasses import dataclass

import numpy as np

from tfvae.data.archives import npz_array
from tfvae.data.archives import reading
from tfvae.data.arrays import Arrays
from tfvae.data.arrays import checked
from tfvae.data.arrays import fingerprint_of
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
        super().__init__(*read(self.path))
        self.fingerprint = fingerprint_of(self.stored)


def read(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    """The arrays `images` and `factors` (or None) of an npz file.

    Returns:
        (uint8 `[N, H, W, C]`, int64 `[N, K]` or None).

    Raises:
        ValueError: if the file is missing, damaged, or without images that
            `from_arrays` takes.
    """
    with (
        reading(path, "The file must be an npz with an array `images`."),
        zipfile.ZipFile(path) as archive,
    ):
        images = npz_array(archive, "images")
        if "factors.npy" not in archive.namelist():
            return checked(images, None)
        return checked(images, npz_array(archive, "factors"))
