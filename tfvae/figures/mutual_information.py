"""What each latent knows of each factor."""

import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.base import figure
from tfvae.figures.heatmap import heat_map
from tfvae.figures.latents import by_kl
from tfvae.figures.latents import latent_label


@figure
def mutual_information(
    shares: np.ndarray, factor_names: list[str], latent_kl: np.ndarray
) -> Figure:
    """What share of each factor's entropy each latent knows.

    The matrix behind MIG, Chen et al. (2018), eq. 6, which is the mean over
    columns of the largest number less the second.

    Args:
        shares: mutual information of code and factor as a share of the
            factor's entropy, `[D, K]`.
        factor_names: K names.
        latent_kl: mean KL of each latent, `[D]`, nats.

    Returns:
        The figure, a row a latent, by KL.
    """
    order = by_kl(latent_kl)
    return heat_map(
        shares[order],
        [latent_label(latent, latent_kl) for latent in order],
        factor_names,
        "What each latent knows of each factor",
        "I(code; factor) / H(factor)",
    )
