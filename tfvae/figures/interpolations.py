"""What lies between two images."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def interpolations(
    interpolated: np.ndarray, interpolation_ends: np.ndarray
) -> Figure:
    """One row a pair of images: the first, decoded images on the straight way
    from its posterior mean to that of the second, the second.

    Args:
        interpolated: `[P, T, H, W, C]` in [0, 1].
        interpolation_ends: the images, `[P, 2, H, W, C]` in [0, 1].

    Returns:
        The figure, T + 2 columns.

    Raises:
        ValueError: if there are no pairs.
    """
    first, second = np.split(interpolation_ends, 2, axis=1)
    return image_grid(
        np.concatenate([first, interpolated, second], axis=1),
        "Interpolations between posterior means",
        headings=["image", "decoded", "image"],
        column_groups=[1, interpolated.shape[1], 1],
    )
