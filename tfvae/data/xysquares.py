"""XYSquares: three squares of which no pixel tells where they came from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset
from tfvae.data.factors import FactorGrid
from tfvae.data.on_demand import OnDemand

SIDE = 64
SQUARE = 8  # pixels
PLACES = 8  # along each axis
GRID = FactorGrid(
    names=("x_R", "y_R", "x_G", "y_G", "x_B", "y_B"), sizes=(PLACES,) * 6
)


@DATASETS.register("xysquares")
@dataclass(frozen=True)
class XYSquares(Dataset):
    """A red, a green and a blue square of 8 pixels, each in one of 8x8 places.

    Michlo et al. (2023), as in their disent. With places 8 pixels apart no two
    overlap: all images with a square elsewhere are equally far from this one,
    pixel by pixel, and nothing tells a VAE which places are neighbours. With
    places less apart neighbours overlap, and it can.

    Attributes:
        spacing: pixels from one place to the next, 1 to 8.

    >>> dataset = XYSquares()
    >>> dataset.image_shape, len(dataset.grid)
    ((64, 64, 3), 262144)
    """

    spacing: int = SQUARE

    image_shape = (SIDE, SIDE, 3)
    grid = GRID
    obtained = "drawn on the spot, no download"
    licence = "Apache-2.0"
    citation = "Michlo, Klein, James (2023), arXiv:2202.13341"

    def __post_init__(self):
        if self.spacing not in range(1, SQUARE + 1):
            raise ValueError(
                f"Argument `spacing` must be an integer in 1...{SQUARE}. "
                f"Received: spacing={self.spacing!r}"
            )

    @cached_property
    def stored(self) -> OnDemand:
        def make(indices):
            return render(GRID.factors(indices), self.spacing)

        return OnDemand(make, (len(GRID), *self.image_shape))


def render(factors, spacing: int = SQUARE) -> np.ndarray:
    """The images of given factor values.

    Args:
        factors: integers `[N, 6]`: x and y of red, of green, of blue.
        spacing: pixels from one place to the next.

    Returns:
        uint8 `[N, 64, 64, 3]`, 0 or 255.

    Raises:
        ValueError: on a value out of range.

    >>> [image] = render([[0, 0, 0, 1, 7, 7]])
    >>> image[0, 0].tolist(), image[8, 0].tolist(), image[63, 63].tolist()
    ([255, 0, 0], [0, 255, 0], [0, 0, 255])
    """
    places = GRID.check(factors).reshape(-1, 3, 2)
    margin = (SIDE - SQUARE - (PLACES - 1) * spacing) // 2
    first = margin + spacing * places[..., np.newaxis]  # [N, colour, x y, 1]
    pixel = np.arange(SIDE)
    inside = (pixel >= first) & (pixel < first + SQUARE)
    x, y = inside[:, :, 0], inside[:, :, 1]  # [N, colour, pixel]
    lit = (
        y.transpose(0, 2, 1)[:, :, np.newaxis]
        & (x.transpose(0, 2, 1)[:, np.newaxis])
    )
    return lit * np.uint8(255)
