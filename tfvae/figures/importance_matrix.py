"""What each latent is needed for."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.heatmap import heat_map
from tfvae.figures.latents import by_kl
from tfvae.figures.latents import latent_label


@figure
def importance_matrix(
    importance: np.ndarray, factor_names: list[str], latent_kl: np.ndarray
) -> Figure:
    """How much each latent helps to predict each factor.

    The matrix behind DCI, R of Eastwood & Williams (2018), sec. 2. Columns are
    scaled to sum to 1, so that they compare whatever predicted the factors.
    Disentanglement is high where rows have one large number, completeness
    where columns have.

    Args:
        importance: of each latent for the prediction of each factor, `[D, K]`,
            not negative.
        factor_names: K names.
        latent_kl: mean KL of each latent, `[D]`, nats.

    Returns:
        The figure, a row a latent, by KL.
    """
    order = by_kl(latent_kl)
    total = importance.sum(axis=0)
    return heat_map(
        (importance / np.where(total > 0, total, 1))[order],
        [latent_label(latent, latent_kl) for latent in order],
        factor_names,
        "What each latent is needed for",
        "importance, share of the column",
    )
