"""The original dSprites file."""

import zipfile
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib import format as npy

from tfvae.data import dsprites
from tfvae.data.archives import reading
from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset

CHUNK = 8192  # images read at a time: 32 MiB


@DATASETS.register("dsprites_original")
@dataclass(frozen=True)
class DSpritesOriginal(Dataset):
    """dSprites as published; Matthey et al. (2017).

    Attributes:
        path: `dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz`, from
            github.com/google-deepmind/dsprites-dataset.

    >>> DSpritesOriginal("dsprites.npz").factor_names[3:]
    ('posX', 'posY')
    """

    path: str

    image_shape = dsprites.DSprites.image_shape
    grid = dsprites.GRID
    max_value = 1
    obtained = "a file, github.com/google-deepmind/dsprites-dataset"
    licence = "Apache-2.0"
    citation = dsprites.DSprites.citation

    @cached_property
    def stored(self) -> np.ndarray:
        packed = read_packed(self.path)
        if len(packed) != len(self.grid):
            raise ValueError(
                f"dSprites has {len(self.grid)} images. "
                f"Received: {len(packed)} in path={self.path!r}"
            )
        return packed

    def decode(self, stored):
        return dsprites.unpack(stored)

    def symmetric_factors(self, indices):
        return dsprites.symmetric(self.factors(indices))


def read_packed(path: str) -> np.ndarray:
    """The array `imgs` of an npz file, one bit a pixel.

    The file is read in pieces, so that the 3 GB it unpacks to are never in
    memory at once, and never unpickled.

    Returns:
        uint8 `[N, 64, 8]`, bits in the order that `dsprites.unpack` reads.

    Raises:
        ValueError: if the file is missing, damaged, or holds something else.
    """
    with (
        reading(
            path, "The file is damaged or not the dSprites npz; get it again."
        ),
        zipfile.ZipFile(path) as archive,
        archive.open("imgs.npy") as file,
    ):
        return _pack(file)


def _pack(file) -> np.ndarray:
    shape, dtype = _header(file)
    packed = np.empty([shape[0], dsprites.SIDE, dsprites.SIDE // 8], np.uint8)
    for start in range(0, shape[0], CHUNK):
        count = min(CHUNK, shape[0] - start)
        raw = file.read(count * dsprites.SIDE**2)
        if len(raw) < count * dsprites.SIDE**2:
            raise EOFError(f"it ends after image {start}")
        images = np.frombuffer(raw, dtype).reshape(count, *shape[1:])
        if images.max() > 1:
            raise ValueError(f"Pixels must be 0 or 1. Received: {images.max()}")
        packed[start : start + count] = np.packbits(
            images, axis=-1, bitorder="little"
        )
    return packed


def _header(file) -> tuple[tuple[int, ...], np.dtype]:
    version = npy.read_magic(file)
    read = {
        (1, 0): npy.read_array_header_1_0,
        (2, 0): npy.read_array_header_2_0,
    }[version]
    shape, fortran_order, dtype = read(file)
    expected = (dsprites.SIDE, dsprites.SIDE)
    if shape[1:] != expected or dtype != np.uint8 or fortran_order:
        raise ValueError(
            "`imgs` must be uint8 [N, 64, 64] in C order. Received: "
            f"shape={shape}, dtype={dtype}, fortran_order={fortran_order}"
        )
    return shape, dtype
