"""How every figure looks."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from matplotlib.ticker import NullFormatter

# Okabe & Ito (2008), "Color universal design": told apart by everybody
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#F0E442",
    "#000000",
)
INACTIVE = "#767676"  # what carries nothing; still legible as text on white
SEQUENTIAL = "viridis"  # values from nothing to much
DIVERGING = "PuOr"  # values on both sides of 0


def new_figure(width: float = 6.4, height: float = 4.0) -> Figure:
    """An empty figure that belongs to no window.

    Args:
        width: inches.
        height: inches.
    """
    return Figure(figsize=(width, height), dpi=160, layout="constrained")


def line_style(number: int) -> dict[str, str]:
    """Colour and dashes of the `number`-th line of a panel, from 0.

    Six colours that are dark enough on white, then again with dashes. Black
    and dotted lines stay free for means and references.

    >>> line_style(7)
    {'color': '#D55E00', 'linestyle': '--'}
    """
    dashes, colour = divmod(number, 6)
    linestyle = ("-", "--", "-.")[dashes % 3]
    return {"color": COLOURS[colour], "linestyle": linestyle}


def thousands(axes: Axes) -> None:
    """Write the x axis as 10,000 and 20,000, a few of them."""
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="x", nbins=5)


def logarithmic(axes: Axes) -> None:
    """Make the y axis logarithmic, with numbers as 0.1, 0.2 and 0.5."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
