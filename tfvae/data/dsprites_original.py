"""The original dSprites file."""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import tensorflow as tf

from tfvae.data import cache
from tfvae.data import dsprites
from tfvae.data.archives import npy_images
from tfvae.data.archives import reading
from tfvae.data.arrays import fingerprint_of
from tfvae.data.base import DATASETS
from tfvae.data.tfds_images import TfdsImages


@DATASETS.register("dsprites_original")
@dataclass(frozen=True)
class DSpritesOriginal(TfdsImages):
    """dSprites as published; Matthey et al. (2017).

    Attributes:
        path: `dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz`, from
            github.com/google-deepmind/dsprites-dataset; without it the images
            come through TensorFlow Datasets.

    >>> DSpritesOriginal("dsprites.npz").factor_names[3:]
    ('posX', 'posY')
    """

    path: str = ""

    image_shape = dsprites.DSprites.image_shape
    grid = dsprites.GRID
    max_value = 1
    source: ClassVar[str] = "dsprites"
    processing: ClassVar[str] = "one bit a pixel"
    labels: ClassVar[tuple[str, ...]] = (
        "label_shape",
        "label_scale",
        "label_orientation",
        "label_x_position",
        "label_y_position",
    )
    otherwise: ClassVar[str] = (
        "or give --data-path the published npz; or say download=True "
        "(--data-download)"
    )
    obtained: ClassVar[str] = "--data-path FILE.npz; or downloaded, 28 MB"
    licence: ClassVar[str] = "Apache 2.0"
    citation: ClassVar[str] = (
        "Matthey et al. (2017), dSprites: Disentanglement Testing Sprites "
        "Dataset, github.com/google-deepmind/dsprites-dataset"
    )

    @cached_property
    def stored(self) -> np.ndarray | cache.Rows:
        if not self.path:
            return super().stored
        packed = read_packed(self.path)
        if len(packed) != len(self.grid):
            raise ValueError(
                f"dSprites has {len(self.grid)} images. "
                f"Received: {len(packed)} in path={self.path!r}"
            )
        return packed

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.stored) if self.path else super().fingerprint

    def stored_shape(self):
        return dsprites.SIDE, dsprites.SIDE // 8

    def image(self, image):
        bits = tf.reshape(image, [dsprites.SIDE, -1, 8])
        powers = tf.constant(1 << np.arange(8), tf.uint8)
        return tf.reduce_sum(bits * powers, axis=-1)

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
        count, blocks = npy_images(file, (dsprites.SIDE, dsprites.SIDE))
        packed = np.empty([count, dsprites.SIDE, dsprites.SIDE // 8], np.uint8)
        start = 0
        for images in blocks:
            packed[start : start + len(images)] = _packed(images)
            start += len(images)
        return packed


def _packed(images: np.ndarray) -> np.ndarray:
    if images.max() > 1:
        raise ValueError(f"Pixels must be 0 or 1. Received: {images.max()}")
    return np.packbits(images, axis=-1, bitorder="little")
