"""Which latents a figure has, in which order, and what they are called."""

import numpy as np


def by_kl(latent_kl: np.ndarray) -> np.ndarray:
    """Indices of the latents, highest KL first.

    >>> by_kl(np.array([0.1, 2.0, 1.0])).tolist()
    [1, 2, 0]
    """
    return np.argsort(-np.asarray(latent_kl), kind="stable")


def active_by_kl(latent_kl: np.ndarray, active: np.ndarray) -> np.ndarray:
    """Indices of the active latents, highest KL first.

    Raises:
        ValueError: if no latent is active.
    """
    order = by_kl(latent_kl)
    order = order[np.asarray(active, bool)[order]]
    if not len(order):
        raise ValueError("No latent is active.")
    return order


def chosen_by_kl(
    latent_kl: np.ndarray, active: np.ndarray, inactive: bool
) -> np.ndarray:
    """Indices of all latents, or of the active ones, highest KL first.

    >>> kl, active = np.array([0.0, 1.5, 2.5]), np.array([False, True, True])
    >>> chosen_by_kl(kl, active, inactive=False).tolist()
    [2, 1]
    """
    return by_kl(latent_kl) if inactive else active_by_kl(latent_kl, active)


def latent_label(latent: int, latent_kl: np.ndarray) -> str:
    """A latent and what it costs.

    >>> latent_label(1, [0.5, 2.614])
    'z1  2.61 nats'
    """
    return f"z{latent}  {latent_kl[latent]:.2f} nats"


def left_out(active: np.ndarray) -> str:
    """The last line of a title, where active latents alone are shown.

    >>> left_out([True, False, False]), left_out([True])
    ('\\n2 inactive latents left out', '')
    """
    count = int(np.size(active) - np.sum(active))
    plural = "s" if count > 1 else ""
    return f"\n{count} inactive latent{plural} left out" if count else ""
