"""What the variants of dSprites share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tfvae.data import dsprites
from tfvae.data.base import Dataset
from tfvae.data.noise import check_seed
from tfvae.data.on_demand import OnDemand


@dataclass(frozen=True)
class DSpritesVariant(Dataset):
    """Base class: sprites of dSprites, painted in colour when asked for.

    Locatello et al. (2019), as in their disentanglement_lib; there an image is
    painted anew each time it is seen, here as a function of (seed, index). What
    is drawn by chance is no factor.

    Attributes:
        seed: of what is drawn by chance.
    """

    seed: int = 0

    image_shape = (dsprites.SIDE, dsprites.SIDE, 3)
    grid = dsprites.GRID
    obtained = dsprites.DSprites.obtained
    licence = dsprites.DSprites.licence
    citation = f"{dsprites.DSprites.citation}; Locatello et al. (2019)"

    def __post_init__(self):
        check_seed(self.seed)

    def paint(self, sprites: np.ndarray, indices: np.ndarray) -> np.ndarray:
        """Images, uint8 `[N, 64, 64, 3]`.

        Args:
            sprites: 0 or 1, uint8 `[N, 64, 64, 1]`.
            indices: of the images, `[N]`.
        """
        raise NotImplementedError

    @cached_property
    def stored(self) -> OnDemand:
        """Images that are painted when they are asked for."""
        packed = dsprites.render_all()

        def make(indices):
            sprites = dsprites.unpack(packed[indices]).numpy()
            return self.paint(sprites, indices)

        return OnDemand(make, (len(packed), *self.image_shape))

    def symmetric_factors(self, indices):
        return dsprites.symmetric(self.factors(indices))
