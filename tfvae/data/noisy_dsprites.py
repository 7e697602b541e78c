"""dSprites before random noise."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tfvae.data import dsprites
from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset
from tfvae.data.noise import check_seed
from tfvae.data.noise import random_bytes
from tfvae.data.on_demand import OnDemand


@DATASETS.register("noisy_dsprites")
@dataclass(frozen=True)
class NoisyDSprites(Dataset):
    """dSprites in white, each other pixel's red, green and blue from [0, 1].

    Locatello et al. (2019), as in their disentanglement_lib; there an image
    has other noise each time it is seen, here its own, a function of (seed,
    index). The noise is no factor.

    Attributes:
        seed: of the noise.

    >>> NoisyDSprites().image_shape
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
            noise = random_bytes(self.seed, indices, np.prod(self.image_shape))
            noise = noise.reshape(-1, *self.image_shape)
            return np.maximum(noise, sprites * np.uint8(255))

        return OnDemand(make, (len(packed), *self.image_shape))

    def symmetric_factors(self, indices):
        return dsprites.symmetric(self.factors(indices))
