"""3D Shapes: every combination of six factors of a rendered room."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.data.base import DATASETS
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import TfdsImages


@DATASETS.register("shapes3d")
@dataclass(frozen=True)
class Shapes3D(TfdsImages):
    """3D Shapes, 480,000 images of 64x64x3; Burgess & Kim (2018).

    >>> Shapes3D().factor_sizes
    (10, 10, 10, 8, 4, 15)
    """

    image_shape = (64, 64, 3)
    grid = FactorGrid(
        (
            "floor_hue",
            "wall_hue",
            "object_hue",
            "scale",
            "shape",
            "orientation",
        ),
        (10, 10, 10, 8, 4, 15),
    )
    source: ClassVar[str] = "shapes3d"
    labels: ClassVar[tuple[str, ...]] = tuple(
        f"label_{name}" for name in grid.names
    )
    obtained: ClassVar[str] = "downloaded, 268 MB; 6 GB of memory once"
    licence: ClassVar[str] = "Apache 2.0"
    citation: ClassVar[str] = (
        "Burgess & Kim (2018), 3D Shapes Dataset, "
        "github.com/google-deepmind/3d-shapes"
    )
