"""Rows of images, which most figures are."""

import numpy as np
from matplotlib.figure import Figure

CELL = 0.62  # inches
LABEL = 1.9  # inches left of the images


def image_grid(images: np.ndarray, row_labels: list[str], title: str) -> Figure:
    """Images in rows and columns with a label a row.

    Args:
        images: `[rows, columns, H, W, C]` in [0, 1]; C is 1 or 3, or else the
            first channel is drawn.
        row_labels: one text a row.
        title: above the grid.

    Returns:
        A figure with one image axes, which holds all images side by side with
        one pixel between them.
    """
    rows, columns = images.shape[:2]
    size = LABEL + CELL * columns, 0.45 + CELL * rows
    figure = Figure(figsize=size, dpi=160, layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(_tile(images), cmap="gray", vmin=0, vmax=1)
    height = images.shape[2]
    middles = np.arange(rows) * (height + 1) + (height - 1) / 2
    axes.set_yticks(middles, row_labels)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title, loc="left")
    return figure


def _tile(images: np.ndarray) -> np.ndarray:
    if images.shape[-1] not in (1, 3):
        images = images[..., :1]
    gap = ((0, 0), (0, 0), (0, 1), (0, 1), (0, 0))
    padded = np.pad(images, gap, constant_values=0.5)
    rows, columns, height, width, channels = padded.shape
    tiled = padded.transpose(0, 2, 1, 3, 4)
    tiled = tiled.reshape(rows * height, columns * width, channels)
    return tiled[:-1, :-1]  # gaps lie between images only
