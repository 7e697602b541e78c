"""The smallest network there is."""

import math
from dataclasses import dataclass

import keras

from tfvae.networks import Network


@dataclass(frozen=True)
class OneLayer(Network):
    """One dense layer each way: little to compile, few gradients to send."""

    def encoder(self, image_shape, latent_dim):
        inputs = keras.Input(image_shape)
        flat = keras.layers.Flatten()(inputs)
        heads = [keras.layers.Dense(latent_dim)(flat) for _ in range(2)]
        return keras.Model(inputs, heads)

    def decoder(self, image_shape, latent_dim):
        inputs = keras.Input((latent_dim,))
        outputs = keras.layers.Dense(math.prod(image_shape))(inputs)
        return keras.Model(inputs, keras.layers.Reshape(image_shape)(outputs))
