"""Images in rows and columns, with texts around them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tfvae.figures.tiles import starts
from tfvae.figures.tiles import tile

SMALLEST, LARGEST = 0.4, 0.6  # inches of an image from left to right
ROW = 10  # inches of a row of images between the two
COARSEST, FINEST = 160, 320  # pixels an inch
MARGIN = 0.1  # inches around everything
LABELS, TITLE = 9, 11  # points


def image_grid(
    images: np.ndarray,
    title: str,
    *,
    row_labels: Sequence[str] = (),
    row_notes: Sequence[str] = (),
    headings: Sequence[str] = (),
    row_groups: Sequence[int] | None = None,
    column_groups: Sequence[int] | None = None,
    inches: float | None = None,
) -> Figure:
    """Images in rows and columns, neighbours a little apart, groups more.

    Each pixel of an image becomes a square of whole pixels, up to 128 pixels
    a side; larger images may shrink.

    Args:
        images: `[rows, columns, H, W, C]` in [0, 1]; C is 1 or 3, or else the
            first channel is drawn.
        title: above all.
        row_labels: a text a row, at its left; or none.
        row_notes: a text a row, at its right; or none.
        headings: a text a group of columns, above it; or none.
        row_groups: how many rows each group has; None for one group.
        column_groups: how many columns each group has; None for one group.
        inches: of an image from left to right; None for what suits the number
            of columns.

    Returns:
        A figure with one axes, whose one image holds all.

    Raises:
        ValueError: if there are no images.
    """
    if not images.size:
        raise ValueError("There are no images.")
    rows, columns, height, width = images.shape[:4]
    row_groups, column_groups = row_groups or [rows], column_groups or [columns]
    inches = inches or np.clip(ROW / columns, SMALLEST, LARGEST)
    tiled = tile(images, row_groups, column_groups)
    figure, axes = _canvas(tiled, width, inches)
    axes.set_title(title, loc="left", fontsize=TITLE)
    tops = starts(row_groups, height, width)
    _label(axes, tops + (height - 1) / 2, row_labels, row_notes)
    lefts = starts(column_groups, width, width)
    last = np.cumsum(column_groups) - 1
    first = last - column_groups + 1
    _head(axes, (lefts[first] + lefts[last] + width - 1) / 2, headings)
    _make_room(figure, axes)
    return figure


def _canvas(
    tiled: np.ndarray, width: int, inches: float
) -> tuple[Figure, Axes]:
    """A figure without margins, where `width` pixels take up `inches`."""
    scale = max(1, round(COARSEST * inches / width))
    dpi = scale * width / inches
    height, length = np.array(tiled.shape[:2]) * inches / width
    figure = Figure(figsize=(length, height), dpi=min(dpi, FINEST))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(
        tiled,
        cmap="gray",
        vmin=0,
        vmax=1,
        aspect="auto",
        interpolation="nearest" if dpi <= FINEST else "antialiased",
    )
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=LABELS)
    return figure, axes


def _label(axes: Axes, middles, labels, notes) -> None:
    axes.set_yticks(middles if labels else [], labels)
    for row, note in enumerate(notes):
        axes.annotate(
            note,
            (1, middles[row]),
            (4, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            fontsize=LABELS,
        )


def _head(axes: Axes, middles, headings) -> None:
    axes.set_xticks(middles if headings else [], headings)


def _make_room(figure: Figure, axes: Axes) -> None:
    """Let the figure grow around the images until all texts are in it."""
    texts, dpi = figure.get_tightbbox(), figure.dpi
    # whole pixels, or the images would be drawn between pixels
    left, bottom = np.ceil((MARGIN - texts.min) * dpi) / dpi
    right, top = np.ceil((MARGIN + texts.max) * dpi) / dpi
    width, height = figure.get_size_inches()
    figure.set_size_inches(left + right, bottom + top)
    box = np.array([left, bottom, width, height])
    axes.set_position(box / np.tile([left + right, bottom + top], 2))
