"""3D Chairs as published with the CVPR 2014 paper."""

import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tensorflow_datasets as tfds

from tfvae.data import chairs3d
from tfvae.data.archives import reading
from tfvae.data.builders.originals import Original
from tfvae.data.builders.published import PublishedBuilder

# such as rendered_chairs/<chair>/renders/image_001_p020_t011_r096.png
VIEW = re.compile(
    r"rendered_chairs/([^/]+)/renders/image_\d+_p(\d+)_t(\d+)_r\d+\.png"
)


class Chairs3D(PublishedBuilder, skip_registration=True):
    """86,366 images of 600x600x3 with the chair and the direction of view."""

    name = "chairs3d"
    dataset = chairs3d.Chairs3D
    homepage = "https://www.di.ens.fr/willow/research/seeing3Dchairs"
    originals = (
        Original(
            "rendered_chairs.tar",
            "https://www.di.ens.fr/willow/research/seeing3Dchairs/data/"
            "rendered_chairs.tar",
            None,
        ),
    )

    def example_features(self):
        """The picture, and what its name in the archive says."""
        return tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(None, None, 3)),
                "chair": tfds.features.Text(),
                "elevation": np.int64,  # degrees
                "azimuth": np.int64,  # degrees
            }
        )

    def _generate_examples(self, path: Path) -> Iterator[tuple[str, dict]]:
        found = 0
        with (
            reading(str(path), "The file must be rendered_chairs.tar."),
            tarfile.open(path, "r|*") as archive,
        ):
            for member in archive:
                view = VIEW.fullmatch(member.name)
                if view and member.isfile():
                    found += 1
                    content = archive.extractfile(member).read()
                    yield member.name, _example(content, *view.groups())
            if not found:
                raise ValueError("it holds no views of chairs")


def _example(content: bytes, chair: str, elevation: str, azimuth: str) -> dict:
    return {
        "image": io.BytesIO(content),
        "chair": chair,
        "elevation": int(elevation),
        "azimuth": int(azimuth),
    }
