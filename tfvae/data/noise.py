"""Random numbers that belong to an image."""

import numpy as np


def random_bytes(seed: int, indices: np.ndarray, count: int) -> np.ndarray:
    """Uniform bytes, a pure function of (seed, index).

    They come from NumPy's Philox, whose stream does not change with versions.

    Args:
        seed: >= 0.
        indices: of images, `[N]`.
        count: bytes for each.

    Returns:
        uint8 `[N, count]`.

    >>> both = random_bytes(0, np.array([5, 9]), 3)
    >>> bool((both[1] == random_bytes(0, np.array([9]), 3)).all())
    True
    """
    words = -(-count // 8)
    streams = [
        np.random.Philox(key=[seed, int(index)]).random_raw(words)
        for index in indices
    ]
    drawn = np.array(streams, "<u8").reshape(len(streams), words)
    return drawn.view(np.uint8)[:, :count]


def check_seed(seed: int) -> None:
    """Raise `ValueError` unless `seed` is an integer in 0...2**64 - 1."""
    if not isinstance(seed, int) or not 0 <= seed < 2**64:
        raise ValueError(
            "Argument `seed` must be an integer in 0...2**64 - 1. "
            f"Received: seed={seed!r}"
        )
