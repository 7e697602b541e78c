"""dSprites, each sprite in a random colour."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tfvae.data import dsprites
from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset
from tfvae.data.noise import check_seed
from tfvae.data.noise import random_bytes
from tfvae.data.on_demand import OnDemand


@DATASETS.register("color_dsprites")
@dataclass(frozen=True)
class ColorDSprites(Dataset):
    """dSprites with red, green and blue of each sprite drawn from [0.5, 1].

    Locatello et al. (2019), as in their disentanglement_lib; there an image
    has another colour each time it is seen, here its own, a function of (seed,
    index). The colour is no factor.

    Attributes:
        seed: of the colours.

    >>> ColorDSprites().image_shape
    (64, 64, 3)
    """

    seed: int = 0

    image_shape = (dsprites.SIDE, dsprites.SIDE, 3)
    grid = dsprites.GRID
    obtained = dsprites.DSprites.obtained
    licence = dsprites.DSprites.licence
    citation = f"{dsprites.DSprites.citation}; Locatello et al. (2019)"

    def __post_init__(self):
        check_seed(self.seed)

    @cached_property
    def stored(self) -> OnDemand:
        packed = dsprites.render_all()

        def make(indices):
            sprites = dsprites.unpack(packed[indices]).numpy()
            return sprites * colors(self.seed, indices)

        return OnDemand(make, (len(packed), *self.image_shape))

    def symmetric_factors(self, indices):
        return dsprites.symmetric(self.factors(indices))


def colors(seed: int, indices: np.ndarray) -> np.ndarray:
    """The colours of sprites, uint8 `[N, 1, 1, 3]` in 128...255."""
    drawn = random_bytes(seed, indices, 3) // 2 + np.uint8(128)
    return drawn[:, np.newaxis, np.newaxis]
