"""A matrix as colours with its numbers in the cells."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from tfvae.figures.style import SEQUENTIAL
from tfvae.figures.style import new_figure

CELL = 0.8, 0.36  # inches


def heat_map(
    matrix: np.ndarray,
    row_labels: list[str],
    column_labels: list[str],
    title: str,
    unit: str,
) -> Figure:
    """A heat map from 0 to 1, with a colour bar.

    Args:
        matrix: `[rows, columns]` in [0, 1].
        row_labels: one text a row.
        column_labels: one text a column.
        title: above.
        unit: of the numbers, at the colour bar.

    Returns:
        The figure; its first axes has the matrix.
    """
    rows, columns = matrix.shape
    drawn = new_figure(2.6 + CELL[0] * columns, 1.2 + CELL[1] * rows)
    axes = drawn.add_subplot()
    image = axes.imshow(matrix, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(columns), column_labels)
    axes.set_yticks(range(rows), row_labels)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _write_numbers(axes, image, matrix)
    drawn.colorbar(image, label=unit)
    drawn.suptitle(title)
    return drawn


def _write_numbers(axes: Axes, image: AxesImage, matrix: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(matrix):
        colour = image.to_rgba(value)
        axes.text(
            column,
            row,
            f"{value:.2f}",
            color="black" if luminance(colour) > 0.179 else "white",
            ha="center",
            va="center",
            fontsize=8,
        )


def luminance(colour: tuple[float, float, float, float]) -> float:
    """Relative luminance of an sRGB colour, 0 for black and 1 for white.

    As WCAG 2.2 defines it. Text in black has more contrast than in white where
    it is above 0.179.

    >>> luminance((1, 1, 1, 1)), round(luminance((0, 0, 1, 1)), 4)
    (1.0, 0.0722)
    """
    channels = np.array(colour[:3])
    linear = np.where(
        channels <= 0.04045,
        channels / 12.92,
        ((channels + 0.055) / 1.055) ** 2.4,
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])
