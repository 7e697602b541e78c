"""Cars3D as published with the NeurIPS 2015 paper on visual analogies."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.io

from tfvae.data import cars3d
from tfvae.data.archives import reading
from tfvae.data.builders import features
from tfvae.data.builders.originals import Original
from tfvae.data.builders.published import PublishedBuilder

SHAPE = (128, 128, 3, 24, 4)  # height, width, channels, azimuth, elevation


class Cars3D(PublishedBuilder, skip_registration=True):
    """17,568 images of 128x128x3 with their factors."""

    name = "cars3d"
    dataset = cars3d.Cars3D
    homepage = "http://www.scottreed.info"
    # the MD5 is from github.com/nmichlo/disent
    originals = (
        Original(
            "nips2015-analogy-data.tar.gz",
            "http://www.scottreed.info/files/nips2015-analogy-data.tar.gz",
            "4e866a7919c1beedf53964e6f7a23686",
        ),
    )

    def example_features(self):
        """The picture and its factors."""
        return features.of_grid((128, 128, 3), cars3d.Cars3D.grid)

    def _generate_examples(self, path: Path) -> Iterator[tuple[str, dict]]:
        """The cars in the order of their names, whatever that of the file."""
        with reading(str(path), "The file must be the Cars3D archive."):
            with tarfile.open(path) as archive:
                names = sorted(m.name for m in archive if _is_car(m))
            numbers = {name: number for number, name in enumerate(names)}
            with tarfile.open(path, "r|*") as archive:
                for member in filter(_is_car, archive):
                    images = read(archive.extractfile(member).read())
                    yield from _views(images, numbers[member.name])


def _is_car(member: tarfile.TarInfo) -> bool:
    name = member.name
    return (
        member.isfile()
        and name.startswith("data/cars/")
        and name.endswith(".mat")
    )


def read(content: bytes) -> np.ndarray:
    """The array `im` of a MATLAB file, uint8 `[128, 128, 3, 24, 4]`."""
    images = scipy.io.loadmat(io.BytesIO(content), variable_names=["im"])["im"]
    if images.shape != SHAPE or images.dtype != np.uint8:
        raise ValueError(
            f"`im` must be uint8 of shape {SHAPE}. Received: "
            f"shape={images.shape}, dtype={images.dtype}"
        )
    return images


def _views(images: np.ndarray, car: int) -> Iterator[tuple[str, dict]]:
    for azimuth, elevation in np.ndindex(images.shape[3:]):
        yield (
            f"{car}-{azimuth}-{elevation}",
            {
                "image": np.ascontiguousarray(images[..., azimuth, elevation]),
                "elevation": elevation,
                "azimuth": azimuth,
                "object_type": car,
            },
        )
