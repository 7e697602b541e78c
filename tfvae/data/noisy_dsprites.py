"""dSprites before random noise."""

from dataclasses import dataclass

import numpy as np

from tfvae.data.base import DATASETS
from tfvae.data.dsprites_variant import DSpritesVariant
from tfvae.data.noise import random_bytes


@DATASETS.register("noisy_dsprites")
@dataclass(frozen=True)
class NoisyDSprites(DSpritesVariant):
    """dSprites in white, each other pixel's red, green and blue from [0, 1].

    Locatello et al. (2019); see `DSpritesVariant`.

    >>> NoisyDSprites().image_shape
    (64, 64, 3)
    """

    def paint(self, sprites, indices):
        noise = random_bytes(self.seed, indices, np.prod(self.image_shape))
        noise = noise.reshape(-1, *self.image_shape)
        return np.maximum(noise, sprites * np.uint8(255))
