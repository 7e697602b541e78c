"""Entropies and mutual information of codes cut into bins, in nats."""

import numpy as np


def discretize(codes: np.ndarray, bins: int = 20) -> np.ndarray:
    """Cut each code into bins of equal width between its own extremes.

    Args:
        codes: `[N, D]`, finite.
        bins: number of bins.

    Returns:
        int64 `[N, D]`, 0 to `bins - 1`; a constant code is all 0.

    >>> discretize(np.array([[0.0], [0.4], [1.0]]), bins=2).ravel().tolist()
    [0, 0, 1]
    """
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
    return np.array(
        [
            [_mutual_information(code, factor) for factor in factors.T]
            for code in codes.T
        ]
    )


def _mutual_information(a: np.ndarray, b: np.ndarray) -> float:
    values_a, a = np.unique(a, return_inverse=True)
    values_b, b = np.unique(b, return_inverse=True)
    counts = np.zeros([len(values_a), len(values_b)], np.int64)
    np.add.at(counts, (a, b), 1)
    # whole counts, so that a constant knows exactly nothing
    joint, p_a, p_b = (
        c / len(a)
        for c in (counts, counts.sum(1, keepdims=True), counts.sum(0))
    )
    independent = p_a * p_b
    here = joint > 0
    ratio = joint[here] / independent[here]
    return float((joint[here] * np.log(ratio)).sum())
