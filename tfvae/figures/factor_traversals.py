"""What each ground-truth factor does, and what the model keeps of it."""

from itertools import chain

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def factor_traversals(
    factor_images: np.ndarray,
    factor_reconstructed: np.ndarray,
    factor_names: list[str],
) -> Figure:
    """Two rows a factor: images while that factor alone moves from its first
    to its last value, and their reconstructions.

    Args:
        factor_images: `[K, T, H, W, C]` in [0, 1].
        factor_reconstructed: of the same shape.
        factor_names: K texts.

    Returns:
        The figure, T columns.

    Raises:
        ValueError: if there are no images.
    """
    pairs = np.stack([factor_images, factor_reconstructed], axis=1)
    labels = [[name, "reconstruction"] for name in factor_names]
    return image_grid(
        pairs.reshape(-1, *pairs.shape[2:]),
        "Ground truth: one factor moves from its first to its last value",
        row_labels=list(chain.from_iterable(labels)),
        row_groups=[2] * len(pairs),
    )
