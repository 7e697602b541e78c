"""The network of FactorVAE."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.networks.base import NETWORKS
from tfvae.networks.base import ConvolutionalNetwork


@NETWORKS.register("kim2018")
@dataclass(frozen=True)
class Kim2018(ConvolutionalNetwork):
    """Kim & Mnih (2018), appendix A, in 1Konny's reading of it; kernels start
    as there.

    | encoder                     | decoder                         |
    |-----------------------------|---------------------------------|
    | 64x64xC image               | D latents                       |
    | conv 32, 4x4, stride 2, relu | dense 128, relu                |
    | conv 32, 4x4, stride 2, relu | dense 1024, relu; 4x4x64       |
    | conv 64, 4x4, stride 2, relu | transposed 64, 4x4, stride 2, relu |
    | conv 64, 4x4, stride 2, relu | transposed 32, 4x4, stride 2, relu |
    | dense 128, relu             | transposed 32, 4x4, stride 2, relu |
    | mean D, log variance D      | transposed C, 4x4, stride 2     |
    """

    convolutions: ClassVar[tuple[tuple[int, int], ...]] = (
        (32, 4),
        (32, 4),
        (64, 4),
        (64, 4),
    )
    encoder_units: ClassVar[tuple[int, ...]] = (128,)
    decoder_units: ClassVar[tuple[int, ...]] = (128,)
