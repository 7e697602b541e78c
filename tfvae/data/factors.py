"""A grid of ground-truth factors: index <-> factor values."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FactorGrid:
    """Every combination of the factors once, the last factor fastest.

    Attributes:
        names: name of each factor.
        sizes: number of values of each.

    >>> grid = FactorGrid(("shape", "x"), (2, 3))
    >>> grid.factors([4]).tolist(), grid.indices([[1, 1]]).tolist()
    ([[1, 1]], [4])
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]

    def __len__(self) -> int:
        return int(np.prod(self.sizes))

    def factors(self, indices) -> np.ndarray:
        """Factor values of images, int64 `[N, K]`, from indices `[N]`."""
        return np.stack(np.unravel_index(indices, self.sizes), axis=-1)

    def indices(self, factors) -> np.ndarray:
        """Indices of images, int64 `[N]`, from factor values `[N, K]`.

        Raises:
            ValueError: if a value is outside its factor's range.
        """
        factors = self.check(factors)
        return np.ravel_multi_index(tuple(factors.T), self.sizes)

    def check(self, factors) -> np.ndarray:
        """`factors` as an integer array `[N, K]`, each value in range."""
        factors = np.asarray(factors)
        if (
            factors.ndim != 2
            or factors.shape[1] != len(self.sizes)
            or not np.issubdtype(factors.dtype, np.integer)
        ):
            raise ValueError(
                f"Factors must be integers of shape [N, {len(self.sizes)}] "
                f"({', '.join(self.names)}). Received: shape="
                f"{factors.shape}, dtype={factors.dtype}"
            )
        wrong = (factors < 0) | (factors >= self.sizes)
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise ValueError(
                f"Factor `{self.names[column]}` must be in 0..."
                f"{self.sizes[column] - 1}. "
                f"Received: {factors[row, column]} in row {row}"
            )
        return factors.astype(np.int64)
