"""What a network is, and the strided pyramid that most of them share."""

import math
from dataclasses import dataclass
from typing import ClassVar

import keras

from tfvae.registry import Registry

NETWORKS = Registry("network")

SMALLEST_MAP = 4


@dataclass(frozen=True)
class Network:
    """Base class: builds an encoder and a decoder for given shapes.

    A network knows neither loss nor distribution.
    """

    def encoder(
        self, image_shape: tuple[int, int, int], latent_dim: int
    ) -> keras.Model:
        """Images `[B, H, W, C]` -> [mean, log variance], each `[B, D]`."""
        raise NotImplementedError

    def decoder(
        self, image_shape: tuple[int, int, int], latent_dim: int
    ) -> keras.Model:
        """Latents `[B, D]` -> outputs `[B, H, W, C]`, no activation."""
        raise NotImplementedError


@dataclass(frozen=True)
class ConvolutionalNetwork(Network):
    """A pyramid of convolutions of stride 2 and its mirror image.

    The tables are for 64 pixels, where four halvings lead to a 4x4 map. Other
    sizes halve until the longer side is at most 4: fewer layers from the front
    of the table, or its last layer repeated; an odd size rounds up, and the
    decoder crops back to it.

    Attributes:
        convolutions: (filters, kernel size) of each layer of the encoder.
        transposed_kernel: kernel size of the decoder's layers; its filters are
            the encoder's in reverse, then the image's channels.
        encoder_units: dense layers between the last map and the heads.
        decoder_units: dense layers before the first map.
        initializer: of every kernel, as in the reference code.
    """

    convolutions: ClassVar[tuple[tuple[int, int], ...]] = ((32, 4),) * 4
    transposed_kernel: ClassVar[int] = 4
    encoder_units: ClassVar[tuple[int, ...]] = (256, 256)
    decoder_units: ClassVar[tuple[int, ...]] = (256, 256)
    initializer: ClassVar[str] = "he_normal"

    def encoder(self, image_shape, latent_dim):
        inputs = keras.Input(image_shape, name="image")
        x = inputs
        for filters, kernel_size in self._layers_for(image_shape):
            x = keras.layers.Conv2D(
                filters,
                kernel_size,
                strides=2,
                padding="same",
                activation="relu",
                kernel_initializer=self.initializer,
            )(x)
        x = keras.layers.Flatten()(x)
        x = dense_stack(x, self.encoder_units, "relu", self.initializer)
        outputs = heads(x, latent_dim, self.initializer)
        return keras.Model(inputs, outputs, name="encoder")

    def decoder(self, image_shape, latent_dim):
        layers = self._layers_for(image_shape)
        sizes = map_sizes(image_shape, len(layers))  # coarsest first
        first_map = (*sizes[0], layers[-1][0])
        filters = [filters for filters, _ in layers[-2::-1]]
        inputs = keras.Input((latent_dim,), name="z")
        units = (*self.decoder_units, math.prod(first_map))
        x = dense_stack(inputs, units, "relu", self.initializer)
        x = keras.layers.Reshape(first_map)(x)
        for size, channels in zip(sizes[1:-1], filters, strict=True):
            x = self._upsample(x, channels, size, "relu")
        outputs = self._upsample(x, image_shape[-1], sizes[-1], None)
        return keras.Model(inputs, outputs, name="decoder")

    def _layers_for(self, image_shape) -> list[tuple[int, int]]:
        halvings = max(
            1, math.ceil(math.log2(max(image_shape[:2]) / SMALLEST_MAP))
        )
        table = list(self.convolutions[:halvings])
        return table + [table[-1]] * (halvings - len(table))

    def _upsample(self, x, filters, size, activation):
        x = keras.layers.Conv2DTranspose(
            filters,
            self.transposed_kernel,
            strides=2,
            padding="same",
            activation=activation,
            kernel_initializer=self.initializer,
        )(x)
        excess = [
            have - want for have, want in zip(x.shape[1:3], size, strict=True)
        ]
        if not any(excess):
            return x
        return keras.layers.Cropping2D([(0, rows) for rows in excess])(x)


def map_sizes(image_shape, halvings: int) -> list[tuple[int, int]]:
    """The sizes of the maps from the coarsest to the image itself.

    >>> map_sizes((64, 48, 1), 4)
    [(4, 3), (8, 6), (16, 12), (32, 24), (64, 48)]
    """
    sizes = [tuple(image_shape[:2])]
    for _ in range(halvings):
        sizes.append(tuple(math.ceil(side / 2) for side in sizes[-1]))
    return sizes[::-1]


def dense_stack(x, units, activation, initializer):
    """Dense layers of the given widths, one after another."""
    for width in units:
        x = keras.layers.Dense(
            width, activation=activation, kernel_initializer=initializer
        )(x)
    return x


def heads(x, latent_dim: int, initializer) -> list:
    """The mean and the log variance of q(z|x), `[B, D]` each."""
    return [
        keras.layers.Dense(
            latent_dim, kernel_initializer=initializer, name=name
        )(x)
        for name in ("mean", "log_var")
    ]
