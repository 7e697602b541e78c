"""MPI3D: a robot arm holding things, rendered and photographed."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.data.base import DATASETS
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import tensorflow_datasets

VARIANTS = ("toy", "realistic", "real")


@DATASETS.register("mpi3d")
@dataclass(frozen=True)
class MPI3D(TfdsImages):
    """MPI3D, 1,036,800 images of 64x64x3; Gondal et al. (2019).

    Attributes:
        variant: "toy" and "realistic" are rendered, "real" is photographed.

    >>> MPI3D().factor_sizes
    (6, 6, 2, 3, 3, 40, 40)
    """

    variant: str = "toy"

    image_shape = (64, 64, 3)
    grid = FactorGrid(
        (
            "object_color",
            "object_shape",
            "object_size",
            "camera_height",
            "background_color",
            "horizontal_axis",
            "vertical_axis",
        ),
        (6, 6, 2, 3, 3, 40, 40),
    )
    labels: ClassVar[tuple[str, ...]] = grid.names
    obtained: ClassVar[str] = "downloaded, up to 13 GB, checked by MD5"
    licence: ClassVar[str] = "CC BY 4.0"
    citation: ClassVar[str] = (
        "Gondal et al. (2019), On the Transfer of Inductive Bias from "
        "Simulation to the Real World, NeurIPS"
    )

    def __post_init__(self):
        if self.variant not in VARIANTS:
            raise ValueError(
                f"`variant` must be one of {', '.join(VARIANTS)}. "
                f"Received: variant={self.variant!r}"
            )

    def builder(self):
        tensorflow_datasets()
        from tfvae.data.builders import mpi3d

        return mpi3d.MPI3D(config=self.variant, data_dir=self.dir or None)
