"""Draws rows of a table of codes with one factor held."""

import math
from collections.abc import Callable

import numpy as np

ROWS = 2**16  # gathered at a time


class FactorGroups:
    """The rows of a table, grouped by the value of each factor.

    The table need not be a full grid, nor its rows be in any order.

    Args:
        factors: discrete, `[N, K]`.

    >>> groups = FactorGroups(np.array([[0, 5], [1, 5], [1, 9], [2, 9]]))
    >>> rows = groups.draw(np.random.default_rng(1), np.array([1, 1, 1]), 6)
    >>> rows.shape
    (3, 6)
    >>> [sorted(set(row.tolist())) for row in rows]
    [[0, 1], [2, 3], [2, 3]]
    """

    def __init__(self, factors: np.ndarray):
        orders, starts = [], []
        for column, factor in enumerate(factors.T):
            order = np.argsort(factor, kind="stable")
            ordered = factor[order]
            begins = np.append(True, ordered[1:] != ordered[:-1])
            orders.append(order)
            starts.append(column * len(factors) + np.flatnonzero(begins))
        # the groups of all factors lie end to end
        self._rows = np.concatenate(orders)
        self._starts = np.concatenate(starts)
        self._sizes = np.diff(self._starts, append=len(self._rows))
        self._values = np.array([len(groups) for groups in starts])
        self._first_group = np.cumsum(self._values) - self._values

    def draw(
        self, rng: np.random.Generator, held: np.ndarray, size: int
    ) -> np.ndarray:
        """Rows that share the value of a factor.

        The value is drawn uniformly from those of the factor, then rows
        uniformly, with replacement, from those of the value.

        Args:
            rng: what to draw with.
            held: the factor of each point, `[points]`.
            size: rows of each point.

        Returns:
            Indices into the table, `[points, size]`.
        """
        group = self._first_group[held] + rng.integers(self._values[held])
        group = group[:, np.newaxis]
        within = rng.integers(self._sizes[group], size=[len(held), size])
        return self._rows[self._starts[group] + within]


def in_chunks(
    features: Callable[[np.ndarray], np.ndarray],
    held: np.ndarray,
    batch_size: int,
) -> np.ndarray:
    """`features(held)`, called on parts of `held` to bound the memory.

    Args:
        features: from factors `[points]` to an array `[points, ...]`.
        held: the factor of each point.
        batch_size: rows that a point gathers.
    """
    parts = math.ceil(len(held) * batch_size / ROWS)
    return np.concatenate([features(p) for p in np.array_split(held, parts)])


def at_least(minimum: int, **arguments: int) -> None:
    """Sizes of a draw are not below `minimum`.

    Raises:
        ValueError: if one is.
    """
    for name, value in arguments.items():
        if value < minimum:
            raise ValueError(
                f"Argument `{name}` must be at least {minimum}. "
                f"Received: {name}={value}"
            )
