"""Words beside what they name, instead of legends."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from scipy.optimize import isotonic_regression

POINTS = 8  # size of the text
LEADING = 1.35  # distance of two lines of text, in sizes


def label_right(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    colours: Sequence[str],
) -> None:
    """Texts right of the axes, each tied to its point, none over another.

    Call it last: it fixes the limits of the axes.

    Args:
        axes: with all its data.
        points: what is named, (x, y) in data coordinates; one that is not
            finite is not named.
        texts: one a point.
        colours: of the lines that tie texts to points.
    """
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    named = [
        (point, text, colour)
        for point, text, colour in zip(points, texts, colours, strict=True)
        if np.isfinite(point).all()
    ]
    to_fraction = axes.transData - axes.transAxes
    heights = [to_fraction.transform(point)[1] for point, _, _ in named]
    gap = LEADING * POINTS / 72 / _inches(axes)
    for (point, text, colour), height in zip(
        named, spread(np.array(heights), gap), strict=True
    ):
        axes.annotate(
            plain(text),
            point,
            (1.04, height),
            textcoords=axes.transAxes,
            va="center",
            fontsize=POINTS,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 0.5,
                "shrinkB": 0,
            },
            annotation_clip=False,
        )


def plain(text: str) -> str:
    """A text that is not to be read as a formula, dollars and all."""
    return text.replace("$", r"\$")


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """The nearest heights in [0, 1] that keep their order and a distance.

    Nearest in the sum of squares. Where there is no room for the gap, they
    are spread evenly.

    Args:
        heights: `[N]`.
        gap: between two, as a share of all.

    Returns:
        `[N]`, in the order given.

    >>> spread(np.array([0.5, 0.9, 0.5]), 0.2).round(3).tolist()
    [0.4, 0.9, 0.6]
    """
    count = len(heights)
    gap = min(gap, 1 / max(count - 1, 1))
    order = np.argsort(heights, kind="stable")
    below = gap * np.arange(count)  # room that those below need
    free = isotonic_regression(heights[order] - below).x
    placed = np.empty(count)
    placed[order] = free.clip(0, 1 - gap * (count - 1)) + below
    return placed


def ordinal(number: int) -> str:
    """1 as "1st".

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    teen = 10 < number % 100 < 20
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if teen else ending}"


def _inches(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    return axes.get_position().height * figure.get_figheight()
