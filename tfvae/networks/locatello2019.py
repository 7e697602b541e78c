"""The network of the large unsupervised study."""

from dataclasses import dataclass
from typing import ClassVar

from tfvae.networks.base import NETWORKS
from tfvae.networks.base import ConvolutionalNetwork


@NETWORKS.register("locatello2019")
@dataclass(frozen=True)
class Locatello2019(ConvolutionalNetwork):
    """Locatello et al. (2019), `conv_encoder` and `deconv_decoder` of
    disentanglement_lib: 2x2 kernels in its third and fourth layers.

    | encoder                     | decoder                         |
    |-----------------------------|---------------------------------|
    | 64x64xC image               | D latents                       |
    | conv 32, 4x4, stride 2, relu | dense 256, relu                |
    | conv 32, 4x4, stride 2, relu | dense 1024, relu; 4x4x64       |
    | conv 64, 2x2, stride 2, relu | transposed 64, 4x4, stride 2, relu |
    | conv 64, 2x2, stride 2, relu | transposed 32, 4x4, stride 2, relu |
    | dense 256, relu             | transposed 32, 4x4, stride 2, relu |
    | mean D, log variance D      | transposed C, 4x4, stride 2     |
    """

    convolutions: ClassVar[tuple[tuple[int, int], ...]] = (
        (32, 4),
        (32, 4),
        (64, 2),
        (64, 2),
    )
    encoder_units: ClassVar[tuple[int, ...]] = (256,)
    decoder_units: ClassVar[tuple[int, ...]] = (256,)
    initializer: ClassVar[str] = "glorot_uniform"
