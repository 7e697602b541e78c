"""The dense network of beta-TCVAE."""

import math
from dataclasses import dataclass
from typing import ClassVar

import keras

from tfvae.networks.base import NETWORKS
from tfvae.networks.base import Network
from tfvae.networks.base import dense_stack
from tfvae.networks.base import heads

# a config, not an object: an object gives equal kernels to layers of one shape
INITIALIZER = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1 / 3, "mode": "fan_in", "distribution": "uniform"},
}


@NETWORKS.register("chen2018")
@dataclass(frozen=True)
class Chen2018(Network):
    """Chen et al. (2018), the MLP for dSprites of their code (`vae_quant.py`),
    which is row "2D shapes" of Higgins et al. (2017), table 1.

    | encoder                | decoder                |
    |------------------------|------------------------|
    | H*W*C pixels           | D latents              |
    | dense 1200, relu       | dense 1200, tanh       |
    | dense 1200, relu       | dense 1200, tanh       |
    | mean D, log variance D | dense 1200, tanh       |
    |                        | dense H*W*C            |

    Kernels start uniform in +-1/sqrt(fan in), as PyTorch's linear layers do.
    """

    width: ClassVar[int] = 1200

    def encoder(self, image_shape, latent_dim):
        inputs = keras.Input(image_shape, name="image")
        x = keras.layers.Flatten()(inputs)
        x = dense_stack(x, (self.width,) * 2, "relu", INITIALIZER)
        outputs = heads(x, latent_dim, INITIALIZER)
        return keras.Model(inputs, outputs, name="encoder")

    def decoder(self, image_shape, latent_dim):
        inputs = keras.Input((latent_dim,), name="z")
        x = dense_stack(inputs, (self.width,) * 3, "tanh", INITIALIZER)
        pixels = math.prod(image_shape)
        x = dense_stack(x, (pixels,), None, INITIALIZER)
        outputs = keras.layers.Reshape(image_shape)(x)
        return keras.Model(inputs, outputs, name="decoder")
