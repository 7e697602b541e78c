"""What each latent does."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.grid import image_grid


def traversals(
    images: np.ndarray,
    latents: np.ndarray,
    latent_kl: np.ndarray,
    meanings: list[str] | None = None,
) -> Figure:
    """One row a latent: decoded images while that latent alone moves.

    Args:
        images: `[rows, steps, H, W, C]` in [0, 1].
        latents: which latent each row moves, `[rows]`.
        latent_kl: the KL of each row's latent, `[rows]`, nats.
        meanings: what each row's latent encodes, if it is known.

    Returns:
        The figure; rows in the given order.
    """
    meanings = meanings or [""] * len(latents)
    labels = [
        f"z{latent}  {kl:.2f} nats" + (f"\n{meaning}" if meaning else "")
        for latent, kl, meaning in zip(
            latents, latent_kl, meanings, strict=True
        )
    ]
    return image_grid(images, labels, "Latent traversals, by KL")
