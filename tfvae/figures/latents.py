"""Rows of images, each of one latent."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.grid import image_grid
from tfvae.figures.style import INACTIVE


def by_kl(
    latent_kl: np.ndarray, active: np.ndarray, inactive: bool
) -> np.ndarray:
    """Latents from the largest KL to the smallest.

    Args:
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        inactive: whether inactive latents are wanted too.

    Returns:
        Indices of latents.

    Raises:
        ValueError: if none are left.

    >>> kl, active = np.array([0.0, 1.5, 2.5]), np.array([False, True, True])
    >>> by_kl(kl, active, inactive=False).tolist()
    [2, 1]
    """
    order = np.argsort(-latent_kl, kind="stable")
    wanted = order if inactive else order[active[order]]
    if not wanted.size:
        raise ValueError("No latent is active.")
    return wanted


def latent_grid(
    images: np.ndarray,
    title: str,
    latents: np.ndarray,
    latent_kl: np.ndarray,
    active: np.ndarray,
    meanings: Sequence[str],
    **options: Any,
) -> Figure:
    """A grid with a row a latent; the texts of an inactive one are grey.

    Args:
        images: `[rows, columns, H, W, C]` in [0, 1].
        title: above all.
        latents: the latent of each row, `[rows]`.
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        meanings: what each latent encodes, D texts; "" if nothing is known.
        options: others of `image_grid`.

    Returns:
        As `image_grid`.
    """
    labels = [
        f"z{latent}  {latent_kl[latent]:.2f} nats\n"
        + (meanings[latent] if active[latent] else "inactive")
        for latent in latents
    ]
    labels = [label.rstrip() for label in labels]
    figure = image_grid(images, title, row_labels=labels, **options)
    [axes] = figure.axes
    for texts in (axes.get_yticklabels(), axes.texts):
        for latent, text in zip(latents, texts, strict=False):
            text.set_color("black" if active[latent] else INACTIVE)
    return figure
