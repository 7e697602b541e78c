"""The network of controlled capacity."""

from dataclasses import dataclass

from tfvae.networks.base import NETWORKS
from tfvae.networks.base import ConvolutionalNetwork


@NETWORKS.register("burgess2018")
@dataclass(frozen=True)
class Burgess2018(ConvolutionalNetwork):
    """Burgess et al. (2018), appendix A.1; kernels start as in 1Konny/Beta-VAE.

    | encoder                     | decoder                         |
    |-----------------------------|---------------------------------|
    | 64x64xC image               | D latents                       |
    | conv 32, 4x4, stride 2, relu | dense 256, relu                |
    | conv 32, 4x4, stride 2, relu | dense 256, relu                |
    | conv 32, 4x4, stride 2, relu | dense 512, relu; 4x4x32        |
    | conv 32, 4x4, stride 2, relu | transposed 32, 4x4, stride 2, relu |
    | dense 256, relu             | transposed 32, 4x4, stride 2, relu |
    | dense 256, relu             | transposed 32, 4x4, stride 2, relu |
    | mean D, log variance D      | transposed C, 4x4, stride 2     |
    """
