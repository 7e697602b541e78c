"""MNIST: handwritten digits."""

from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from tfvae.data.base import DATASETS
from tfvae.data.tfds_images import TfdsImages


@DATASETS.register("mnist")
@dataclass(frozen=True)
class MNIST(TfdsImages):
    """MNIST with a margin of two pixels, 32x32x1; LeCun et al. (1998).

    Attributes:
        split: "train" (60,000 images), "test" (10,000) or "all".
    """

    split: str = "train"

    image_shape = (32, 32, 1)
    count: ClassVar[int] = 60_000
    source: ClassVar[str] = "mnist"
    processing: ClassVar[str] = "padded to 32"
    obtained: ClassVar[str] = "downloaded, 12 MB"
    licence: ClassVar[str] = "CC BY-SA 3.0"
    citation: ClassVar[str] = (
        "LeCun et al. (1998), Gradient-Based Learning Applied to Document "
        "Recognition, Proceedings of the IEEE"
    )

    def image(self, image):
        return tf.image.pad_to_bounding_box(image, 2, 2, 32, 32)
