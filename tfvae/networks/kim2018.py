"""The network of FactorVAE."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.networks.base import NETWORKS
from tfvae.networks.higgins2017 import Higgins2017


@NETWORKS.register("kim2018")
@dataclass(frozen=True)
class Kim2018(Higgins2017):
    """Kim & Mnih (2018), appendix A: `higgins2017` with dense layers of 128
    instead of 256. Kernels start as in 1Konny/FactorVAE."""

    encoder_units: ClassVar[tuple[int, ...]] = (128,)
    decoder_units: ClassVar[tuple[int, ...]] = (128,)
