"""dSprites, each sprite in a random colour."""

from dataclasses import dataclass

import numpy as np

from tfvae.data.base import DATASETS
from tfvae.data.dsprites_variant import DSpritesVariant
from tfvae.data.noise import random_bytes


@DATASETS.register("color_dsprites")
@dataclass(frozen=True)
class ColorDSprites(DSpritesVariant):
    """dSprites with red, green and blue of each sprite drawn from [0.5, 1].

    Locatello et al. (2019); see `DSpritesVariant`.

    >>> ColorDSprites().image_shape
    (64, 64, 3)
    """

    def paint(self, sprites, indices):
        return sprites * colors(self.seed, indices)


def colors(seed: int, indices: np.ndarray) -> np.ndarray:
    """The colours of sprites, uint8 `[N, 1, 1, 3]` in 128...255."""
    drawn = random_bytes(seed, indices, 3) // 2 + np.uint8(128)
    return drawn[:, np.newaxis, np.newaxis]
