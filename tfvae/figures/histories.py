"""What the columns of a run's history say."""

from collections.abc import Mapping

import numpy as np

LATENT = "kl/"  # a column a latent: "kl/0", "kl/1", ...


def steps(history: Mapping[str, np.ndarray]) -> np.ndarray:
    """The training step of each row, `[T]`.

    Raises:
        ValueError: if there are no rows.
    """
    if not len(history.get("step", ())):
        raise ValueError("The history has no rows.")
    return np.asarray(history["step"])


def latent_paths(history: Mapping[str, np.ndarray]) -> np.ndarray:
    """KL of each latent in each row, `[T, D]`, nats.

    Raises:
        ValueError: if there are no rows, or none has the KL of a latent.
    """
    steps(history)
    latents = sum(name.startswith(LATENT) for name in history)
    if not latents:
        raise ValueError("The history has no KL of single latents.")
    columns = [history[f"{LATENT}{latent}"] for latent in range(latents)]
    return np.stack(columns, axis=1)


def emergence(paths: np.ndarray, threshold: float) -> np.ndarray:
    """The first row from which each latent stays above a threshold, `[D]`.

    T, the number of rows, for a latent that is not above it in the last.

    Args:
        paths: `[T, D]`.
        threshold: nats.

    >>> emergence(np.array([[0.2, 0.2, 0], [0, 0.2, 0], [0.2, 0.2, 0]]), 0.1)
    array([2, 0, 3])
    """
    below = ~(paths > threshold)  # of what is not a number, too
    after_last_below = len(paths) - below[::-1].argmax(axis=0)
    return np.where(below.any(axis=0), after_last_below, 0)


def changing_rows(column: np.ndarray) -> int:
    """How many rows there are until a column stops changing; 0 if constant.

    >>> changing_rows([0, 2, 4, 4, 4]), changing_rows([4, 4])
    (3, 0)
    """
    changes = np.flatnonzero(np.diff(column))
    return int(changes[-1]) + 2 if len(changes) else 0
