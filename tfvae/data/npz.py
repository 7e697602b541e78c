"""The user's own images in an npz file."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tfvae.data.arrays import Arrays
from tfvae.data.arrays import checked
from tfvae.data.base import DATASETS


@DATASETS.register("npz")
@dataclass(eq=False)
class Npz(Arrays):
    """`images` and, if there, `factors`, as `from_arrays` takes them.

    Attributes:
        path: the npz file; it is never unpickled.
    """

    path: str

    def __post_init__(self):
        super().__init__(*checked(*read(self.path)))


def read(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    """The arrays `images` and `factors` (or None) of an npz file.

    Raises:
        ValueError: if the file is missing, damaged, or without images.
    """
    if not Path(path).is_file():
        raise ValueError(f"No such file. Received: path={str(path)!r}")
    try:
        # opened here, since np.load leaves a damaged file open
        with open(path, "rb") as file:
            arrays = np.load(file, allow_pickle=False)
            if isinstance(arrays, np.ndarray):
                raise ValueError("it holds a single array")
            return arrays["images"], arrays.get("factors")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise ValueError(
            "The file must be an npz with an array `images`. "
            f"Received: path={str(path)!r} ({error})"
        ) from error
