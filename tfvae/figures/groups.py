"""Statistics of codes over images that share something."""

import numpy as np


def mean_and_std(
    codes: np.ndarray, groups: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the codes of each group.

    Args:
        codes: `[S, D]`.
        groups: of each image, `[S]`, from 0 to count - 1.
        count: G.

    Returns:
        Two arrays `[G, D]`, NaN for a group without an image.

    >>> mean, std = mean_and_std(np.array([[1.0], [3], [5]]), [0, 0, 2], 3)
    >>> mean.ravel().tolist(), std.ravel().tolist()
    ([2.0, nan, 5.0], [1.0, nan, 0.0])
    """
    sizes = np.bincount(groups, minlength=count)
    sizes = np.where(sizes > 0, sizes, np.nan)[:, np.newaxis]

    def mean_of(values: np.ndarray) -> np.ndarray:
        sums = np.zeros((count, codes.shape[1]))
        np.add.at(sums, groups, values)
        return sums / sizes

    mean = mean_of(codes)
    return mean, np.sqrt(mean_of(np.square(codes - mean[groups])))
