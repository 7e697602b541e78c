"""MPI3D as published for the NeurIPS 2019 disentanglement challenge."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import tensorflow_datasets as tfds

from tfvae.data import mpi3d
from tfvae.data.archives import npy_images
from tfvae.data.archives import reading
from tfvae.data.builders import features
from tfvae.data.builders.originals import Original
from tfvae.data.builders.published import PublishedBuilder

URL = "https://storage.googleapis.com/disentanglement_dataset/Final_Dataset/"
# from github.com/nmichlo/disent
MD5 = {
    "toy": "55889cb7c7dfc655d6e0277beee88868",
    "realistic": "59a6225b88b635365f70c91b3e52f70f",
    "real": "0f33f609918fb5c97996692f91129802",
}


class MPI3D(PublishedBuilder, skip_registration=True):
    """1,036,800 images of 64x64x3 with their factors.

    The files hold images only; their order is the one that the README of
    github.com/rr-learning/disentanglement_dataset gives: of a full grid, the
    last factor fastest.
    """

    name = "mpi3d"
    dataset = mpi3d.MPI3D
    homepage = "https://github.com/rr-learning/disentanglement_dataset"
    BUILDER_CONFIGS = [
        tfds.core.BuilderConfig(name=variant) for variant in mpi3d.VARIANTS
    ]

    @property
    def originals(self) -> tuple[Original, ...]:
        """The file of this variant."""
        variant = self.builder_config.name
        name = f"mpi3d_{variant}.npz"
        return (Original(name, URL + name, MD5[variant]),)

    def example_features(self):
        """The picture and its factors."""
        return features.of_grid((64, 64, 3), mpi3d.MPI3D.grid)

    def _generate_examples(self, path: Path) -> Iterator[tuple[int, dict]]:
        grid, index = mpi3d.MPI3D.grid, 0
        with (
            reading(str(path), "The file must be the MPI3D npz."),
            zipfile.ZipFile(path) as archive,
            archive.open("images.npy") as file,
        ):
            count, blocks = npy_images(file, (64, 64, 3))
            if count != len(grid):
                raise ValueError(
                    f"MPI3D has {len(grid)} images. Received: {count}"
                )
            for images in blocks:
                factors = grid.factors(range(index, index + len(images)))
                for image, row in zip(images, factors.tolist(), strict=True):
                    labels = dict(zip(grid.names, row, strict=True))
                    yield index, {"image": image, **labels}
                    index += 1
