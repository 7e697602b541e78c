"""Images beside what the model makes of them."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def reconstructions(images: np.ndarray, reconstructed: np.ndarray) -> Figure:
    """Three rows: images, their reconstructions, the absolute difference.

    Args:
        images: `[N, H, W, C]` in [0, 1].
        reconstructed: `[N, H, W, C]` in [0, 1].

    Returns:
        The figure, N columns.
    """
    rows = np.stack([images, reconstructed, np.abs(images - reconstructed)])
    labels = ["image", "reconstruction", "|difference|"]
    return image_grid(rows, labels, "Reconstructions from the posterior mean")
