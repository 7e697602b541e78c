"""CelebA: 202,599 photographs of faces."""

from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from tfvae.data.base import DATASETS
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import resized


@DATASETS.register("celeb_a")
@dataclass(frozen=True)
class CelebA(TfdsImages):
    """CelebA, aligned and cropped, 64x64x3; Liu et al. (2015).

    The papers do not say how they cut the 218x178 pixels. Here as in the
    re-implementation of the annealing experiments: the 128x128 in the centre,
    scaled to 64x64.

    Attributes:
        split: "all" as in the papers, "train", "validation" or "test".
    """

    split: str = "all"

    image_shape = (64, 64, 3)
    count: ClassVar[int] = 202_599
    source: ClassVar[str] = "celeb_a"
    processing: ClassVar[str] = "centre 128, Lanczos to 64"
    obtained: ClassVar[str] = "downloaded, 1.5 GB"
    licence: ClassVar[str] = "non-commercial research only"
    citation: ClassVar[str] = (
        "Liu et al. (2015), Deep Learning Face Attributes in the Wild, ICCV"
    )

    def image(self, image):
        return resized(tf.image.resize_with_crop_or_pad(image, 128, 128), 64)
