"""Many images as one."""

from collections.abc import Sequence

import numpy as np


def tile(
    images: np.ndarray, row_groups: Sequence[int], column_groups: Sequence[int]
) -> np.ndarray:
    """Images in rows and columns as one image, on white.

    Args:
        images: `[rows, columns, H, W, C]` in [0, 1]; C is 1 or 3, or else the
            first channel is taken.
        row_groups: how many rows each group has.
        column_groups: how many columns each group has.

    Returns:
        `[height, width, 1 or 3]`; `starts` says where each image is.
    """
    if images.shape[-1] not in (1, 3):
        images = images[..., :1]
    height, width, channels = images.shape[2:]
    tops = starts(row_groups, height, width)
    lefts = starts(column_groups, width, width)
    shape = tops[-1] + height, lefts[-1] + width, channels
    tiled = np.ones(shape, images.dtype)
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            image = images[row, column]
            tiled[top : top + height, left : left + width] = image
    return tiled


def starts(groups: Sequence[int], size: int, width: int) -> np.ndarray:
    """The first pixel of each row or column of images.

    Args:
        groups: how many rows (columns) each group has.
        size: pixels of an image in this direction.
        width: pixels of an image from left to right, which gaps go by.

    >>> starts([2, 1], 64, 64).tolist()
    [0, 66, 146]
    """
    gaps = np.full(sum(groups), max(1, width // 32))
    gaps[np.cumsum(groups)[:-1]] = max(2, width // 4)
    gaps[0] = 0
    return np.arange(len(gaps)) * size + np.cumsum(gaps)
