"""Gradient boosting on binned codes, with the importance of each code."""

import numpy as np
from scipy import sparse
from scipy import special

BINS = 128
DEPTH = 3
RATE = 0.2
ROUNDS = 50


def importances_of(codes, factor, test_codes, test_factor, seed):
    """How much each code matters to a boosted classifier of one factor.

    Boosted trees of Friedman (2001), algorithm 6, on binned codes. One round
    grows the trees of all values of the factor side by side; the importance
    of a code is the squared error that its splits take away. The test rows go
    down the same trees, without a say in them.

    Args:
        codes: `[N, D]`, to fit on.
        factor: discrete, `[N]`.
        test_codes: `[M, D]`.
        test_factor: `[M]`.
        seed: of the choice among splits that are equally good.

    Returns:
        Shares of importance `[D]`, the accuracy on the fitted rows, and on the
        test rows.
    """
    values, target = np.unique(factor, return_inverse=True)
    target = np.eye(len(values), dtype=np.float32)[target]
    bins = _binned(codes, np.concatenate([codes, test_codes]))
    counter = _counter(bins[:, : len(codes)])
    scores = np.tile(np.log(target.mean(axis=0)), (bins.shape[1], 1))
    importances = np.zeros(codes.shape[1])
    rng = np.random.default_rng(seed)
    for _ in range(ROUNDS):
        residual = target - special.softmax(scores[: len(codes)], axis=1)
        leaves = _grow(bins, counter, residual, importances, rng)
        steps = _steps(leaves[: len(codes)], residual)
        scores += RATE * np.take_along_axis(steps, leaves, axis=0)
    hits = values[scores.argmax(axis=1)] == np.append(factor, test_factor)
    share = importances / max(importances.sum(), np.finfo(np.float64).tiny)
    return share, hits[: len(codes)].mean(), hits[len(codes) :].mean()


def _binned(codes, rows) -> np.ndarray:
    """Bin of each row, `[D, rows]`, as many rows of `codes` in each bin."""
    quantiles = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.quantile(codes, quantiles, axis=0).T
    columns = zip(edges, rows.T, strict=True)
    return np.stack(
        [np.searchsorted(edge, column, "right") for edge, column in columns]
    ).astype(np.int16)


def _counter(bins) -> sparse.csr_array:
    """`[D * BINS, N]`, 1 where a row is in a bin: its product with anything of
    the rows is the sum of it in each bin."""
    d, n = bins.shape
    first = BINS * np.arange(d)[:, np.newaxis]
    where = (bins + first).ravel(), np.tile(np.arange(n), d)
    ones = np.ones(n * d, np.float32)
    return sparse.csr_array((ones, where), shape=(d * BINS, n))


def _grow(bins, counter, residual, importances, rng) -> np.ndarray:
    """Leaf of each row, `[rows, values]`, in a tree for each value; adds to
    `importances` what the splits take away."""
    nodes = np.zeros([residual.shape[1], bins.shape[1]], np.int8)
    histogram = _root(counter, residual)
    for depth in range(DEPTH):
        # of equal codes, such as copies, any may come first
        order = rng.permutation(len(importances))
        gains = _gains(*histogram)[order]
        gains = gains.reshape(-1, *gains.shape[2:])
        best = gains.argmax(axis=0)
        gain = np.take_along_axis(gains, best[np.newaxis], axis=0)[0]
        code, threshold = order[best // BINS], best % BINS
        np.add.at(importances, code, gain)
        nodes = 2 * nodes + _is_right(bins, nodes, code, threshold)
        if depth < DEPTH - 1:
            own = nodes[:, : len(residual)].T
            histogram = _children(counter, own, residual, histogram)
    return nodes.T.astype(np.int64)


def _is_right(bins, nodes, code, threshold) -> np.ndarray:
    """Whether each row goes to the right child of its node, `[values, rows]`,
    by the split of each node, `[nodes, values]`."""
    right = np.zeros(nodes.shape, bool)
    for node, (codes, thresholds) in enumerate(
        zip(code, threshold, strict=True)
    ):
        beyond = bins[codes] > thresholds[:, np.newaxis]
        right |= beyond & (nodes == node)
    return right


def _root(counter, residual) -> np.ndarray:
    """Sums of residuals and numbers of rows in each bin, `[2, D, BINS, nodes,
    values]`, of one node that has all rows."""
    return _histogram(counter, residual, np.ones_like(residual))[:, :, :, None]


def _children(counter, nodes, residual, parents) -> np.ndarray:
    """The same of the nodes one level below: what is not in the left child of
    a node is in the right one."""
    here = nodes[:, np.newaxis] == 2 * np.arange(parents.shape[3])[:, None]
    here = here.astype(np.float32)
    left = _histogram(counter, here * residual[:, np.newaxis], here)
    children = np.stack([left, parents - left], axis=4)
    return children.reshape(*parents.shape[:3], -1, parents.shape[4])


def _histogram(counter, *of_rows) -> np.ndarray:
    return np.stack(
        [
            (counter @ part.reshape(len(part), -1)).reshape(
                -1, BINS, *part.shape[1:]
            )
            for part in of_rows
        ]
    )


def _gains(sums, counts) -> np.ndarray:
    """Squared error that each split takes away, `[D, BINS, nodes, values]`:
    the bins up to this one from those above."""
    sums, counts = sums.cumsum(axis=1), counts.cumsum(axis=1)
    total, count = sums[:, -1:], counts[:, -1:]
    product = counts * (count - counts)
    gains = np.zeros_like(sums)
    np.divide(
        (sums * count - total * counts) ** 2,
        product * count,
        out=gains,
        where=product > 0,
    )
    return gains


def _steps(leaves, residual) -> np.ndarray:
    """Newton's step in each leaf, `[leaves, values]`."""
    n_values = residual.shape[1]
    shape = 2**DEPTH, n_values
    flat = (leaves * n_values + np.arange(n_values)).ravel()
    size = np.abs(residual)
    slope, curvature = (
        np.bincount(flat, part.ravel(), np.prod(shape)).reshape(shape)
        for part in (residual, size * (1 - size))
    )
    steps = np.zeros(shape)
    np.divide(slope, curvature, out=steps, where=curvature > 0)
    # a lone row that is far off would step without bound; the first round's
    # longest step is about this
    return (steps * (1 - 1 / n_values)).clip(-n_values, n_values)
