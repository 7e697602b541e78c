"""SmallNORB: photographs of 50 toys from every side."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tfvae.data.base import DATASETS
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import TfdsImages
from tfvae.data.tfds_images import resized

INSTANCES = {
    "all": tuple(range(10)),
    "train": (4, 6, 7, 8, 9),
    "test": (0, 1, 2, 3, 5),
}


@DATASETS.register("smallnorb")
@dataclass(frozen=True)
class SmallNORB(TfdsImages):
    """SmallNORB, 48,600 images scaled to 64x64x1; LeCun et al. (2004).

    The left one of each pair of images. The two published splits hold five of
    the ten toys of each category; together they are a full grid. The toy
    (`instance`) is a factor here; disentanglement_lib draws it at random and
    measures the other four.

    Attributes:
        split: "all"; or "train" or "test", where `instance` counts the five
            toys of that split in the order of their published numbers.

    >>> SmallNORB().factor_sizes, SmallNORB(split="test").factor_sizes
    ((5, 10, 9, 18, 6), (5, 5, 9, 18, 6))
    """

    split: str = "all"

    image_shape = (64, 64, 1)
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

    def __post_init__(self):
        if self.split not in INSTANCES:
            raise ValueError(
                f"`split` must be one of {', '.join(INSTANCES)}. "
                f"Received: split={self.split!r}"
            )

    @property
    def grid(self) -> FactorGrid:
        return FactorGrid(
            ("category", "instance", "elevation", "azimuth", "lighting"),
            (5, len(INSTANCES[self.split]), 9, 18, 6),
        )

    def image(self, image):
        return resized(image, 64)

    def factors_of(self, labels):
        labels = labels.copy()
        labels[:, 1] = np.searchsorted(INSTANCES[self.split], labels[:, 1])
        return labels
