"""dSprites, drawn from its exact geometry; no download.

Matthey et al. (2017), 737,280 binary images of 64x64 pixels: a square, an
ellipse or a heart at 6 scales, 40 orientations and 32x32 positions. The images
are rasterised here as the original ones were: every polygon's vertices rounded
to 1/256 pixel, a pixel lit if its centre is inside. They differ from the
original file in about one image of 10,000, by one pixel; call them "dSprites,
re-rendered".
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf

from tfvae.data.base import DATASETS
from tfvae.data.base import Dataset
from tfvae.data.factors import FactorGrid

GRID = FactorGrid(
    names=("shape", "scale", "orientation", "posX", "posY"),
    sizes=(3, 6, 40, 32, 32),
)
SIDE = 64
SCALES = np.linspace(0.5, 1.0, 6)
# the last orientation is the first again, as in the original
ORIENTATIONS = np.linspace(0.0, 2 * np.pi, 40)
CENTRES = 16 + 32 * np.arange(32) / 31  # pixels
HALF = 9.6  # half the side of the square at scale 1, pixels
SYMMETRIES = np.array([4, 2, 1])  # turns onto itself, by shape
SUBPIXEL = 256  # vertices lie on a grid of 1/256 pixel


@DATASETS.register("dsprites")
@dataclass(frozen=True)
class DSprites(Dataset):
    """dSprites, re-rendered: all 737,280 images, one bit a pixel in memory.

    >>> dataset = DSprites()
    >>> dataset.image_shape, dataset.factor_sizes, dataset.max_value
    ((64, 64, 1), (3, 6, 40, 32, 32), 1)
    """

    image_shape = (SIDE, SIDE, 1)
    grid = GRID
    max_value = 1
    obtained = "drawn on the spot, no download"
    licence = "Apache-2.0"
    citation = "Matthey, Higgins, Hassabis, Lerchner (2017), dSprites"

    @cached_property
    def stored(self) -> np.ndarray:
        return render_all()

    def decode(self, stored):
        return unpack(stored)

    def symmetric_factors(self, indices):
        return symmetric(self.factors(indices))


def symmetric(factors: np.ndarray) -> np.ndarray:
    """Factor values with orientations that look alike made one.

    The last orientation is the first; a square looks the same after a quarter
    of a turn, an ellipse after half. What is left counts whole steps of 1/39
    turn: 10 values for a square, 20 for an ellipse, 39 for a heart. A quarter
    turn is 9.75 steps, so that views up to 3/4 of a step apart become one; and
    the orientation now tells something of the shape.

    Args:
        factors: integers `[N, 5]`.

    Returns:
        int64 `[N, 5]`.

    >>> symmetric(np.array([[0, 0, 39, 0, 0], [1, 0, 20, 0, 0]]))[:, 2].tolist()
    [0, 0]
    """
    factors = GRID.check(factors)
    steps = GRID.sizes[2] - 1
    # in quarters of a step, so that a quarter turn is a whole number of them
    quarters = 4 * (factors[:, 2] % steps)
    period = 4 * steps // SYMMETRIES[factors[:, 0]]
    factors[:, 2] = quarters % period // 4
    return factors


def render(factors) -> np.ndarray:
    """The images of given factor values.

    Args:
        factors: integers `[N, 5]`: shape (square, ellipse, heart), scale,
            orientation, posX, posY.

    Returns:
        uint8 `[N, 64, 64, 1]`, 0 or 1.

    Raises:
        ValueError: on a value out of range.

    >>> images = render([[0, 5, 0, 16, 16]])
    >>> images.shape, int(images.sum())
    ((1, 64, 64, 1), 361)
    """
    factors = GRID.check(factors)
    rows = np.zeros([len(factors), SIDE], np.uint64)
    sprites, which = np.unique(factors[:, :3], axis=0, return_inverse=True)
    for number, sprite in enumerate(sprites):
        here = which.ravel() == number
        rows[here] = _rows(*sprite)[factors[here, 3], factors[here, 4]]
    return unpack(tf.constant(_as_bytes(rows))).numpy()


def render_all() -> np.ndarray:
    """The whole set in order, one bit a pixel: uint8 `[737280, 64, 8]`."""
    rows = np.empty([*GRID.sizes, SIDE], np.uint64)
    for sprite in np.ndindex(GRID.sizes[:3]):
        rows[sprite] = _rows(*sprite)
    return _as_bytes(rows.reshape(-1, SIDE))


def unpack(packed: tf.Tensor) -> tf.Tensor:
    """Bits to pixels: uint8 `[N, 64, 8]` to uint8 `[N, 64, 64, 1]`."""
    shifts = np.arange(8, dtype=np.uint8)
    bits = tf.bitwise.right_shift(packed[..., tf.newaxis], shifts)
    pixels = tf.bitwise.bitwise_and(bits, tf.constant(1, tf.uint8))
    return tf.reshape(pixels, [-1, SIDE, SIDE, 1])


def _as_bytes(rows: np.ndarray) -> np.ndarray:
    """uint64 `[N, 64]` to uint8 `[N, 64, 8]`: column 8b + k is bit k of b."""
    return rows.astype("<u8", copy=False).view(np.uint8).reshape(-1, SIDE, 8)


def _outline(shape: int) -> tuple[np.ndarray, np.ndarray]:
    """The polygon of a shape about its centre, u right and v down, pixels."""
    if shape == 0:
        u, v = np.array([[-1, 1, 1, -1], [-1, -1, 1, 1]])
    elif shape == 1:
        t = 2 * np.pi * np.arange(100) / 100
        u, v = 1.33 * np.cos(t), np.sin(t) / 1.33
    else:
        t = 2 * np.pi * np.arange(150) / 150
        waves = (
            13 * np.cos(t)
            - 5 * np.cos(2 * t)
            - 2 * np.cos(3 * t)
            - np.cos(4 * t)
        )
        u, v = np.sin(t) ** 3, -(waves / 14.5 + 0.15)
    return HALF * u, HALF * v


def _vertices(shape: int, scale: int, orientation: int):
    """The polygon scaled and turned counter-clockwise on the screen."""
    u, v = _outline(shape)
    angle = ORIENTATIONS[orientation]
    x = np.cos(angle) * u + np.sin(angle) * v
    y = np.cos(angle) * v - np.sin(angle) * u
    return SCALES[scale] * x, SCALES[scale] * y


def _rows(shape: int, scale: int, orientation: int) -> np.ndarray:
    """One sprite at all positions: uint64 `[32 posX, 32 posY, 64 rows]`.

    Bit c of a row is its pixel in column c. The polygon's rows depend on posY
    alone and its columns on posX, so each crossing of an edge with a row of
    pixel centres is found once for all posX.
    """
    x, y = _vertices(shape, scale, orientation)
    x = np.floor(SUBPIXEL * (CENTRES[:, np.newaxis] + x) + 0.5)  # [posX, V]
    y = np.floor(SUBPIXEL * (CENTRES[:, np.newaxis] + y) + 0.5)  # [posY, V]
    pos_y, edge, row = _crossings(y)
    rise, run = (np.roll(a, -1, axis=1) - a for a in (y, x))
    down = (SUBPIXEL * row + SUBPIXEL // 2 - y[pos_y, edge]) / rise[pos_y, edge]
    across = x[:, edge] + down * run[:, edge] - SUBPIXEL // 2
    column = np.ceil(across / SUBPIXEL).astype(np.uint64)  # [posX, crossings]
    # even-odd fill: every crossing flips the pixels from its column onwards
    flips = np.left_shift(~np.uint64(0), column)
    place = pos_y * SIDE + row
    first = np.flatnonzero(np.diff(place, prepend=-1))
    rows = np.zeros([len(x), len(y) * SIDE], np.uint64)
    rows[:, place[first]] = np.bitwise_xor.reduceat(flips, first, axis=1)
    return rows.reshape(len(x), len(y), SIDE)


def _crossings(y: np.ndarray):
    """Which edges cross which rows of pixel centres, sorted by (posY, row).

    An edge from a to b crosses row r if min(a, b) < centre of r <= max(a, b):
    a centre on the bottom edge of a polygon is inside, on its top edge not.
    """
    ends = np.stack([y, np.roll(y, -1, axis=1)])
    below = np.floor((ends - SUBPIXEL // 2) / SUBPIXEL).astype(np.int64)
    first, last = below.min(axis=0) + 1, below.max(axis=0)
    pos_y, edge = np.nonzero(last >= first)
    first, last = first[pos_y, edge], last[pos_y, edge]
    count = last - first + 1
    past = np.cumsum(count) - count
    row = np.repeat(first - past, count) + np.arange(count.sum())
    pos_y, edge = np.repeat(pos_y, count), np.repeat(edge, count)
    order = np.argsort(pos_y * SIDE + row, kind="stable")
    return pos_y[order], edge[order], row[order]
