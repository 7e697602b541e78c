"""Small multiples on shared axes."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tfvae.figures.style import new_figure


def panels(
    count: int, across: int, width: float, height: float
) -> tuple[Figure, list[Axes]]:
    """A figure of equal panels in rows, which share both axes.

    Args:
        count: of panels.
        across: panels in a row, at most.
        width: of a panel, inches.
        height: of a panel, inches.

    Returns:
        The figure and its axes. The lowest of each column has its numbers.

    >>> len(panels(count=5, across=3, width=2.0, height=1.0)[1])
    5
    """
    columns = min(count, across)
    rows = -(-count // columns)
    drawn = new_figure(0.8 + width * columns, 0.8 + height * rows)
    grid = drawn.subplots(
        rows, columns, sharex=True, sharey=True, squeeze=False
    ).ravel()
    for axes in grid[count:]:
        axes.remove()
    for axes in grid[count - columns : count]:
        axes.tick_params(labelbottom=True)
    return drawn, grid[:count].tolist()
