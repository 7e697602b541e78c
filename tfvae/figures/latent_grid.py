"""Rows of images, each of one latent."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.grid import image_grid
from tfvae.figures.latents import latent_label
from tfvae.figures.style import INACTIVE


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
        f"{latent_label(latent, latent_kl)}\n"
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
