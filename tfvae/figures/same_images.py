"""What several runs make of the same images."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import comparison
from tfvae.figures.grid import image_grid
from tfvae.figures.labels import plain


@comparison
def same_images(
    images: np.ndarray, run_names: list[str], run_reconstructed: np.ndarray
) -> Figure:
    """The images in the first row, and a row of reconstructions a run.

    Args:
        images: `[N, H, W, C]` in [0, 1].
        run_names: R texts.
        run_reconstructed: `[R, N, H, W, C]` in [0, 1].

    Returns:
        The figure, N columns.

    Raises:
        ValueError: if there are no images.
    """
    return image_grid(
        np.concatenate([images[np.newaxis], run_reconstructed]),
        "The same images, reconstructed by each run",
        row_labels=["image", *map(plain, run_names)],
        row_groups=[1, len(run_names)],
    )
