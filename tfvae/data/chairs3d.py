"""3D Chairs: 1,393 models of chairs from 62 sides."""

from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from tfvae.data.base import DATASETS
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import resized
from tfvae.data.tfds_images import tensorflow_datasets


@DATASETS.register("chairs3d")
@dataclass(frozen=True)
class Chairs3D(TfdsImages):
    """3D Chairs, 86,366 grey images of 64x64x1; Aubry et al. (2014).

    The 400x400 in the centre of 600x600 pixels, scaled to 64x64: what
    YannDubs/disentangling-vae sets out to do. No checksum of the archive is
    published, so it has to be fetched by hand.
    """

    image_shape = (64, 64, 1)
    count: ClassVar[int] = 86_366
    processing: ClassVar[str] = "centre 400, grey, Lanczos to 64"
    by_hand: ClassVar[bool] = True
    otherwise: ClassVar[str] = (
        "it is not downloaded, since no checksum of it is known"
    )
    obtained: ClassVar[str] = "fetched by hand; no checksum is known"
    licence: ClassVar[str] = "none stated"
    citation: ClassVar[str] = (
        "Aubry et al. (2014), Seeing 3D Chairs: Exemplar Part-Based 2D-3D "
        "Alignment Using a Large Dataset of CAD Models, CVPR"
    )

    def builder(self):
        tensorflow_datasets()
        from tfvae.data.builders import chairs3d

        return chairs3d.Chairs3D(data_dir=self.dir or None)

    def image(self, image):
        centre = tf.image.resize_with_crop_or_pad(image, 400, 400)
        return resized(tf.image.rgb_to_grayscale(centre), 64)
