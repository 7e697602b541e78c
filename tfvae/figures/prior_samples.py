"""What the model imagines."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def prior_samples(prior_samples: np.ndarray, *, columns: int = 8) -> Figure:
    """Images decoded from samples of the prior p(z).

    Args:
        prior_samples: `[M, H, W, C]` in [0, 1].
        columns: images a row; the last row ends in white if M is no multiple.

    Returns:
        The figure.

    Raises:
        ValueError: if there are no images.
    """
    missing = -len(prior_samples) % columns
    blank = np.ones([missing, *prior_samples.shape[1:]])
    images = np.concatenate([prior_samples, blank])
    rows = images.reshape(-1, columns, *images.shape[1:])
    return image_grid(rows, "Images decoded from samples of the prior")
