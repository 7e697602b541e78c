"""SmallNORB: photographs of 50 toys from every side."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.data.base import DATASETS
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import resized


@DATASETS.register("smallnorb")
@dataclass(frozen=True)
class SmallNORB(TfdsImages):
    """SmallNORB, 48,600 images scaled to 64x64x1; LeCun et al. (2004).

    The left one of each pair of images. The two published splits hold five of
    the ten toys of each category; only together are they the full grid, so
    that both are taken. The toy (`instance`) is a factor here;
    disentanglement_lib draws it at random and measures the other four.

    >>> SmallNORB().factor_sizes
    (5, 10, 9, 18, 6)
    """

    image_shape = (64, 64, 1)
    grid = FactorGrid(
        ("category", "instance", "elevation", "azimuth", "lighting"),
        (5, 10, 9, 18, 6),
    )
    source: ClassVar[str] = "smallnorb"
    processing: ClassVar[str] = "left, Lanczos to 64"
    labels: ClassVar[tuple[str, ...]] = (
        "label_category",
        "instance",
        "label_elevation",
        "label_azimuth",
        "label_lighting",
    )
    obtained: ClassVar[str] = "downloaded, 263 MB"
    licence: ClassVar[str] = "research only; not to be sold"
    citation: ClassVar[str] = (
        "LeCun, Huang & Bottou (2004), Learning Methods for Generic Object "
        "Recognition with Invariance to Pose and Lighting, CVPR"
    )

    def image(self, image):
        return resized(image, 64)
