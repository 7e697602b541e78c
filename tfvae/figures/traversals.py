"""What each latent does."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.grid import image_grid


@figure
def traversals(
    traversed: np.ndarray,
    latent_kl: np.ndarray,
    active: np.ndarray,
    meanings: list[str],
    *,
    inactive: bool = True,
) -> Figure:
    """One row a latent, by KL: decoded images while that latent alone moves.

    Args:
        traversed: from I images, `[I, D, T, H, W, C]` in [0, 1].
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        meanings: what each latent encodes, D texts; "" if nothing is known.
        inactive: whether inactive latents have rows, which say so.

    Returns:
        The figure; the images that the rows start from are side by side.

    Raises:
        ValueError: if no latent is active and inactive ones have no rows.
    """
    order = np.argsort(-latent_kl, kind="stable")
    rows = order if inactive else order[active[order]]
    if not len(rows):
        raise ValueError("No latent is active.")
    labels = [
        _label(latent, latent_kl[latent], active[latent], meanings[latent])
        for latent in rows
    ]
    side_by_side = np.concatenate(list(traversed[:, rows]), axis=1)
    return image_grid(side_by_side, labels, "Latent traversals, by KL")


def _label(latent: int, kl: float, active: bool, meaning: str) -> str:
    second = meaning if active else "inactive"
    return f"z{latent}  {kl:.2f} nats" + (f"\n{second}" if second else "")
