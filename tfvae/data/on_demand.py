"""Images that are made when they are asked for."""

from collections.abc import Callable

import numpy as np


class OnDemand:
    """Stands where an array of images would, for arrays of indices.

    Args:
        make: int64 indices `[N]` to uint8 images `[N, H, W, C]`; the same
            index always gives the same image.
        shape: `(size, H, W, C)`.

    >>> images = OnDemand(make=np.uint8, shape=(9, 1, 1, 1))
    >>> len(images), images[[4, 2]].ravel().tolist()
    (9, [4, 2])
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self,
        make: Callable[[np.ndarray], np.ndarray],
        shape: tuple[int, int, int, int],
    ):
        self.shape = shape
        self._make = make

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices) -> np.ndarray:
        indices = np.asarray(indices, np.int64)
        if (indices < 0).any() or (indices >= len(self)).any():
            raise IndexError(
                f"There are {len(self)} images. Received: {indices}"
            )
        return self._make(indices)
