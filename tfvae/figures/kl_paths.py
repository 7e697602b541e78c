"""How the KL of each latent grows in training."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import rankdata

from tfvae.figures import histories
from tfvae.figures.base import figure
from tfvae.figures.labels import label_right
from tfvae.figures.labels import ordinal
from tfvae.figures.style import INACTIVE
from tfvae.figures.style import line_style
from tfvae.figures.style import new_figure
from tfvae.figures.style import thousands

Label = tuple[tuple[float, float], str, str]  # point, text, colour


@figure
def kl_paths(
    history: Mapping[str, np.ndarray], *, threshold: float = 0.1
) -> Figure:
    """KL of each latent over the steps, and over C where C changes.

    After Burgess et al. (2018), Fig. 3, left, which has factors in place of
    latents. A latent emerges, at its dot, in the first row of the history from
    which it stays above the threshold; latents that do so in the same row
    share a place in the order. The mean over all latents is dotted. The panel
    over C ends where C stops, and greys what emerges later.

    Args:
        history: columns "step" and "kl/0", "kl/1", ..., in nats; "capacity",
            in nats, if the objective has one.
        threshold: nats.

    Returns:
        The figure; its first axes are over the steps.

    Raises:
        ValueError: if the history has no rows or no KL of single latents.
    """
    steps, paths = histories.steps(history), histories.latent_paths(history)
    emerged = histories.emergence(paths, threshold)
    rows = histories.changing_rows(history.get("capacity", steps[:0]))
    panels = 2 if rows else 1
    drawn = new_figure(width=1.6 + 4.2 * panels)
    first, *second = drawn.subplots(1, panels, sharey=True, squeeze=False)[0]
    draw_paths(first, steps, paths, emerged)
    thousands(first)
    first.set(xlabel="step", ylabel="KL, nats")
    for axes in second:
        draw_paths(axes, history["capacity"][:rows], paths[:rows], emerged)
        axes.set_xlabel("C, nats")
    drawn.suptitle(f"KL of each latent: {_summary(emerged, paths, threshold)}")
    return drawn


def draw_paths(
    axes: Axes, x: np.ndarray, paths: np.ndarray, emerged: np.ndarray
) -> None:
    """Lines of all latents, named at their ends; inactive ones in grey.

    Args:
        axes: empty.
        x: `[T]`.
        paths: KL of each latent, `[T, D]`, nats.
        emerged: the row in which each latent emerges, `[D]`; T or more for
            one that does not.
    """
    inactive = np.flatnonzero(emerged >= len(x))
    active = np.flatnonzero(emerged < len(x))
    active = active[np.argsort(emerged[active], kind="stable")]
    labels = [
        *_draw_inactive(axes, x, paths[:, inactive]),
        *_draw_active(axes, x, paths, emerged, active),
    ]
    mean = paths.mean(axis=1)
    axes.plot(x, mean, ":", color="black")
    labels.append(((x[-1], mean[-1]), "mean", "black"))
    axes.set_ylim(bottom=0)
    label_right(axes, *zip(*labels, strict=True))


def _draw_inactive(axes, x, paths) -> list[Label]:
    axes.plot(x, paths, color=INACTIVE, linewidth=1)
    if not paths.shape[1]:
        return []
    end = x[-1], paths[-1].mean()
    return [(end, f"{paths.shape[1]} inactive", INACTIVE)]


def _draw_active(axes, x, paths, emerged, active) -> list[Label]:
    labels = []
    places = rankdata(emerged, method="min")
    for number, latent in enumerate(active):
        style, row = line_style(number), emerged[latent]
        axes.plot(x, paths[:, latent], **style)
        axes.plot(x[row], paths[row, latent], "o", ms=4, color=style["color"])
        text = f"z{latent}, {ordinal(places[latent])}"
        labels.append(((x[-1], paths[-1, latent]), text, style["color"]))
    return labels


def _summary(emerged, paths, threshold) -> str:
    count = np.sum(emerged < len(paths))
    if not count:
        return f"none stays above {threshold:g} nats"
    return f"{count} of {len(emerged)} rise above {threshold:g} nats to stay"
