"""What a figure is to `tfvae.drawing`."""

from collections.abc import Callable

from tfvae.registry import Registry

FIGURES = Registry("figure")
COMPARISONS = Registry("comparison")


def figure(function: Callable) -> Callable:
    """Decorator that enters a figure of one run under its function's name.

    The function's required arguments are filled by their names with what
    `tfvae.views.Views` has; arguments with defaults are its options. It
    returns a `matplotlib.figure.Figure`, and raises `ValueError` with the
    reason where its arguments show nothing to draw.
    """
    return FIGURES.register(function.__name__)(function)


def comparison(function: Callable) -> Callable:
    """The same for a figure of several runs and `tfvae.views.RunViews`."""
    return COMPARISONS.register(function.__name__)(function)
