"""Cars3D: 183 models of cars from 96 sides."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.data.base import DATASETS
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import resized
from tfvae.data.tfds_images import tensorflow_datasets


@DATASETS.register("cars3d")
@dataclass(frozen=True)
class Cars3D(TfdsImages):
    """Cars3D, 17,568 images scaled to 64x64x3; Reed et al. (2015).

    >>> Cars3D().factor_sizes
    (4, 24, 183)
    """

    image_shape = (64, 64, 3)
    grid = FactorGrid(("elevation", "azimuth", "object_type"), (4, 24, 183))
    labels: ClassVar[tuple[str, ...]] = grid.names
    processing: ClassVar[str] = "Lanczos to 64"
    obtained: ClassVar[str] = "downloaded, checked by MD5"
    licence: ClassVar[str] = "none stated"
    citation: ClassVar[str] = (
        "Reed et al. (2015), Deep Visual Analogy-Making, NeurIPS"
    )

    def builder(self):
        tensorflow_datasets()
        from tfvae.data.builders import cars3d

        return cars3d.Cars3D(data_dir=self.dir or None)

    def image(self, image):
        return resized(image, 64)
