"""Mutual information from nearest neighbours; Ross (2014)."""

import numpy as np
from scipy.special import digamma


def mutual_information(
    codes: np.ndarray, factors: np.ndarray, neighbors: int, seed: int
) -> np.ndarray:
    """Mutual information of continuous codes and factors, `[D, K]`, nats.

    With N_v rows of a value, n neighbours, and m rows of any value nearer than
    a row's n-th neighbour of its own value, itself among them:

        psi(N) + psi(n) - mean psi(N_v) - mean psi(m)

    This is what scikit-learn's `mutual_info_classif` computes with trees, whose
    rounding tells where many codes are all but equal: up to 1.5 % were seen.

    >>> code = np.array([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]])
    >>> factor = np.array([[0], [0], [0], [1], [1], [1]])
    >>> mutual_information(code, factor, 1, 0).round(2).tolist()
    [[0.78]]
    """
    if neighbors < 1:
        raise ValueError(
            "Argument `neighbors` must be at least 1. "
            f"Received: neighbors={neighbors}"
        )
    rng = np.random.default_rng(seed)
    matrix = np.zeros([codes.shape[1], factors.shape[1]])
    for d, code in enumerate(codes.T):
        if code.min() == code.max():
            continue  # knows nothing
        # from 1 to 2, where the differences are exact in floating point
        code = 1 + (code - code.min()) / (code.max() - code.min())
        code = code + 1e-10 * rng.standard_normal(len(code))
        order = np.argsort(code)
        for k, factor in enumerate(factors.T):
            matrix[d, k] = _of_sorted(code[order], factor[order], neighbors)
    return matrix


def _of_sorted(code: np.ndarray, factor: np.ndarray, neighbors: int) -> float:
    _, inverse, counts = np.unique(
        factor, return_inverse=True, return_counts=True
    )
    # the only row of a value has no neighbour
    code, inverse = (a[counts[inverse] > 1] for a in (code, inverse))
    terms = np.zeros(len(code))
    for value in np.unique(inverse):
        here = inverse == value
        group = code[here]
        n = min(neighbors, len(group) - 1)
        radius = _distance_to_neighbor(group, n)
        nearer = np.searchsorted(code, group + radius, "left")
        nearer -= np.searchsorted(code, group - radius, "right")
        nearer = np.maximum(nearer, 1)  # itself, where neighbours coincide
        terms[here] = digamma(n) - digamma(len(group)) - digamma(nearer)
    if not len(terms):
        return 0.0
    return max(0.0, float(digamma(len(terms)) + terms.mean()))


def _distance_to_neighbor(group: np.ndarray, n: int) -> np.ndarray:
    """Distance of each of some sorted numbers to its n-th nearest."""
    # the n nearest and the number are one of the runs of n + 1 that hold it
    first = np.arange(len(group))[:, np.newaxis] - np.arange(n + 1)
    first = first.clip(0, len(group) - 1 - n)
    here = group[:, np.newaxis]
    reach = np.maximum(here - group[first], group[first + n] - here)
    return reach.min(axis=1)
