"""Fashion-MNIST: small pictures of clothes."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.data.base import DATASETS
from tfvae.data.mnist import MNIST


@DATASETS.register("fashion_mnist")
@dataclass(frozen=True)
class FashionMNIST(MNIST):
    """Fashion-MNIST with a margin of two pixels, 32x32x1; Xiao et al. (2017).

    Attributes:
        split: "train" (60,000 images), "test" (10,000) or "all".
    """

    source: ClassVar[str] = "fashion_mnist"
    obtained: ClassVar[str] = "downloaded, 31 MB"
    licence: ClassVar[str] = "MIT"
    citation: ClassVar[str] = (
        "Xiao, Rasul & Vollgraf (2017), Fashion-MNIST, arXiv:1708.07747"
    )
