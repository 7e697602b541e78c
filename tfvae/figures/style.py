"""How every figure looks."""

from matplotlib.figure import Figure

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
