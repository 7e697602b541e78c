"""What each latent does."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.latent_grid import latent_grid
from tfvae.figures.latents import chosen_by_kl


@figure
def traversals(
    traversed: np.ndarray,
    values: np.ndarray,
    latent_kl: np.ndarray,
    active: np.ndarray,
    meanings: list[str],
    *,
    inactive: bool = True,
) -> Figure:
    """One row a latent, by KL: decoded images while that latent alone moves.

    Args:
        traversed: from I images, `[I, D, T, H, W, C]` in [0, 1].
        values: of each latent as it moves, `[D, T]`.
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        meanings: what each latent encodes, D texts; "" if nothing is known.
        inactive: whether inactive latents have rows, labelled in grey.

    Returns:
        The figure, with a group of columns for each of the I images.

    Raises:
        ValueError: if no latent is active and inactive ones have no rows, or
            if there are no images.
    """
    latents = chosen_by_kl(latent_kl, active, inactive)
    groups, _, steps, *shape = traversed.shape
    images = np.swapaxes(traversed[:, latents], 0, 1)
    return latent_grid(
        images.reshape(len(latents), groups * steps, *shape),
        "Latent traversals: one latent moves over the range at the right",
        latents,
        latent_kl,
        active,
        meanings,
        row_notes=[_range(values[latent]) for latent in latents],
        headings=[f"from image {group + 1}" for group in range(groups)],
        column_groups=[steps] * groups,
    )


def _range(values: np.ndarray) -> str:
    return f"{values[0]:.1f} to {values[-1]:.1f}".replace("-", "−")
