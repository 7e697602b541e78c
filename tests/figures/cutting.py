"""The images in a figure of images."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.tiles import starts


def cut(
    figure: Figure,
    row_groups: list[int],
    column_groups: list[int],
    size: tuple[int, int],
) -> np.ndarray:
    """What a figure shows at its rows and columns, `[rows, columns, H, W, C]`.

    Args:
        figure: from `image_grid`.
        row_groups: how many rows each group has.
        column_groups: how many columns each group has.
        size: (H, W).
    """
    [axes] = figure.axes
    [shown] = axes.images
    assert shown.get_clim() == (0, 1)
    pixels = np.asarray(shown.get_array())
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    height, width = size
    tops = starts(row_groups, height, width)
    lefts = starts(column_groups, width, width)
    assert pixels.shape[:2] == (tops[-1] + height, lefts[-1] + width)
    return np.array(
        [
            [pixels[top : top + height, left : left + width] for left in lefts]
            for top in tops
        ]
    )


def row_labels(figure: Figure) -> list[str]:
    """The texts at the left of the rows."""
    [axes] = figure.axes
    return [label.get_text() for label in axes.get_yticklabels()]


def headings(figure: Figure) -> list[str]:
    """The texts above the groups of columns."""
    [axes] = figure.axes
    return [label.get_text() for label in axes.get_xticklabels()]
