"""Entropies and mutual information of codes cut into bins, in nats."""

import numpy as np


def discretize(codes: np.ndarray, bins: int = 20) -> np.ndarray:
    """Cut each code into bins of equal width between its own extremes.

    Args:
        codes: `[N, D]`, finite.
        bins: number of bins, at least 2.

    Returns:
        int64 `[N, D]`, 0 to `bins - 1`; a constant code is all 0.

    >>> discretize(np.array([[0.0], [0.4], [1.0]]), bins=2).ravel().tolist()
    [0, 0, 1]
    """
    if bins < 2:
        raise ValueError(
            f"Codes must be cut into at least 2 bins. Received: bins={bins}"
        )
    columns = [_discretize_one(code, bins) for code in np.transpose(codes)]
    return np.stack(columns, axis=1)


def _discretize_one(code: np.ndarray, bins: int) -> np.ndarray:
    code = code.astype(np.float64)
    if code.min() == code.max():
        return np.zeros(len(code), np.int64)
    edges = np.linspace(code.min(), code.max(), bins + 1)
    return np.digitize(code, edges[1:-1])


def entropy(values: np.ndarray) -> float:
    """Entropy of the empirical distribution of discrete values `[N]`, nats."""
    _, counts = np.unique(values, return_counts=True)
    p = counts / counts.sum()
    return float(-(p * np.log(p)).sum())


def mutual_information(codes: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Mutual information of every discrete code with every factor.

    Args:
        codes: discrete, `[N, D]`.
        factors: discrete, `[N, K]`.

    Returns:
        `[D, K]`, nats.

    >>> v = np.array([[0], [0], [1], [1]])
    >>> float(mutual_information(v, v)[0, 0].round(4))
    0.6931
    """
    codes, factors = _ranks(codes), _ranks(factors)
    return np.array(
        [
            [_mutual_information(*code, *factor) for factor in factors]
            for code in codes
        ]
    )


def _ranks(values: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Of each column: its values as 0, 1, ..., and how many there are."""
    columns = [np.unique(column, return_inverse=True) for column in values.T]
    return [(inverse, len(distinct)) for distinct, inverse in columns]


def _mutual_information(a, size_a: int, b, size_b: int) -> float:
    counts = np.bincount(a * size_b + b, minlength=size_a * size_b)
    counts = counts.reshape(size_a, size_b)
    # whole counts, so that a constant knows exactly nothing
    joint, p_a, p_b = (
        c / len(a)
        for c in (counts, counts.sum(1, keepdims=True), counts.sum(0))
    )
    independent = p_a * p_b
    here = joint > 0
    ratio = joint[here] / independent[here]
    return float((joint[here] * np.log(ratio)).sum())


def shares_known(codes: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """What share of each factor's entropy a code knows, `[D, K]`.

    Args:
        codes: `[N, D]`, cut into 20 bins of equal width.
        factors: discrete and not constant, `[N, K]`.

    >>> shares_known(np.arange(4.0)[:, np.newaxis], np.arange(4)[:, np.newaxis])
    array([[1.]])
    """
    binned = discretize(codes, 20)
    entropies = [entropy(factor) for factor in factors.T]
    return mutual_information(binned, factors) / entropies
