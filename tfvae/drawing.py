"""Figures of a run: each registered figure on what it asks for."""

import inspect
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from tfvae.registry import Registry


def draw(figure: Callable, views: Any, **options: Any) -> Any:
    """One figure, its required arguments filled by their names.

    Args:
        figure: registered with `tfvae.figures.base.figure` or `comparison`;
            or another function of arrays, such as `animate`.
        views: a `tfvae.views.Views`, or whatever has the attributes.
        options: other arguments of the figure.

    Returns:
        What the function gives: a figure.

    Raises:
        ValueError: if the views lack something, or there is nothing to draw.
    """
    parameters = inspect.signature(figure).parameters
    needed = {
        name: getattr(views, name)
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty
    }
    return figure(**needed, **options)


def draw_all(
    registry: Registry, views: Any, names: list[str] | None = None
) -> tuple[dict[str, Figure], dict[str, str]]:
    """Every figure that can be drawn, and why the others cannot.

    Args:
        registry: `tfvae.figures.FIGURES` or `COMPARISONS`.
        views: what they are drawn from.
        names: of the figures wanted, each of which must be drawable; None for
            all that are.

    Returns:
        (name -> figure, name -> reason).

    Raises:
        ValueError: on an unknown name, or a named figure that cannot be drawn.
    """
    if names is not None:
        return {name: _named(registry, name, views) for name in names}, {}
    drawn, skipped = {}, {}
    for name in registry.names():
        try:
            drawn[name] = draw(registry[name], views)
        except ValueError as error:
            skipped[name] = str(error)
    return drawn, skipped


def _named(registry: Registry, name: str, views: Any) -> Figure:
    figure = registry[name]
    try:
        return draw(figure, views)
    except ValueError as error:
        raise ValueError(f"Figure {name}: {error}") from error
