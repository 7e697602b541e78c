"""Images beside what the model makes of them."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def reconstructions(images: np.ndarray, reconstructed: np.ndarray) -> Figure:
    """Three rows: images, their reconstructions, the absolute difference.

    The difference is the mean over channels; white is the largest of all.

    Args:
        images: `[N, H, W, C]` in [0, 1].
        reconstructed: `[N, H, W, C]` in [0, 1].

    Returns:
        The figure, N columns.

    Raises:
        ValueError: if there are no images.
    """
    difference = np.abs(images - reconstructed).mean(axis=-1, keepdims=True)
    largest = difference.max(initial=0)
    shade = np.broadcast_to(difference / (largest or 1), images.shape)
    return image_grid(
        np.stack([images, reconstructed, shade]),
        "Reconstructions from the posterior mean",
        row_labels=[
            "image",
            "reconstruction",
            f"|difference|\nwhite is {largest:.2f}",
        ],
    )
