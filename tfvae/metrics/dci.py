"""Disentanglement, completeness and informativeness."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy import special
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Lasso
from sklearn.preprocessing import StandardScaler

from tfvae import registry
from tfvae.metrics import checks
from tfvae.metrics.base import metric

BINS = 128
DEPTH = 3
RATE = 0.2
ROUNDS = 50


@metric()
def dci(
    train_codes: np.ndarray,
    train_factors: np.ndarray,
    test_codes: np.ndarray,
    test_factors: np.ndarray,
    *,
    estimator: str = "histogram",
    seed: int = 0,
) -> dict[str, Any]:
    """Whether a code serves one factor, a factor needs one code, and how well
    all codes together predict; Eastwood & Williams (2018), sec. 2.

    An estimator predicts each factor from all codes; what it says of their
    importance is the matrix R that `disentanglement` and `completeness` read.
    Scores of different estimators cannot be compared:

        gradient_boosting   scikit-learn's classifier with its defaults, as
                            disentanglement_lib; minutes for 40 values
        histogram           the same trees on binned codes, in half the rounds
                            at twice the rate; seconds
        random_forest       10 trees of depth 8 that see all codes at each
                            split; the depth decides much of the score
        lasso               alpha 0.02 on standardised codes and factors, as
                            Eastwood & Williams; R is |coefficient|. It knows
                            only what is linear in the order of the values,
                            and is generous to noise

    Args:
        train_codes: `[N, D]`, to fit on.
        train_factors: discrete, `[N, K]`; for "lasso" their order counts.
        test_codes: `[M, D]`, to score.
        test_factors: discrete, `[M, K]`.
        estimator: one of the above.
        seed: of "gradient_boosting" and "random_forest"; the others draw
            nothing.

    Returns:
        "disentanglement", "completeness": in [0, 1]. "error": on the test part,
        mean over factors; 1 - accuracy of a classifier, and for "lasso" the
        root mean square error in standard deviations of the factor (1 is no
        better than the mean). "informativeness": 1 - error, so the accuracy of
        a classifier. "train": the same on the training part. "importances": R,
        `[D, K]`. "codes": disentanglement of each code, `[D]`. "factors":
        completeness of each factor, `[K]`.

    Raises:
        ValueError: on an unknown estimator, arrays that do not match, a NaN, a
            factor with one value, or a value that one part lacks.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> result = dci(v * 1.0, v, v * 1.0, v)
    >>> [round(result[name], 4) for name in ("disentanglement", "error")]
    [1.0, 0.0]
    """
    if estimator not in ESTIMATORS:
        raise registry.unknown_name("estimator", estimator, ESTIMATORS)
    train_codes, train_factors, test_codes, test_factors = checks.checked_split(
        train_codes, train_factors, test_codes, test_factors
    )
    columns, train, test = zip(
        *(
            ESTIMATORS[estimator](train_codes, *pair, test_codes, seed)
            for pair in zip(train_factors.T, test_factors.T, strict=True)
        ),
        strict=True,
    )
    importances = np.stack(columns, axis=1)
    of_codes, codes = disentanglement(importances)
    of_factors, factors = completeness(importances)
    return {
        "disentanglement": of_codes,
        "completeness": of_factors,
        "informativeness": float(np.mean(test)),
        "error": float(1 - np.mean(test)),
        "train": float(np.mean(train)),
        "importances": importances,
        "codes": codes,
        "factors": factors,
    }


def disentanglement(importances: np.ndarray) -> tuple[float, np.ndarray]:
    """Whether each code is important for one factor alone.

        sum over codes of (share of all importance) * (1 - H_K(row of R))

    H_K is the entropy to base K of a row that is scaled to sum to 1. A code of
    no importance scores 0 and weighs nothing; without any other the score is 0.

    Args:
        importances: R, `[D, K]`, not negative.

    Returns:
        The score, and that of each code, `[D]`.

    Raises:
        ValueError: unless it is a matrix of finite numbers of at least 0.

    >>> disentanglement([[2, 0], [1, 1]])
    (0.5, array([1., 0.]))
    """
    importances = np.asarray(importances, np.float64)
    valid = np.isfinite(importances) & (importances >= 0)
    if importances.ndim != 2 or not valid.all():
        raise ValueError(
            "Importances must be a matrix of finite numbers of at least 0. "
            f"Received: {importances}"
        )
    total = importances.sum(axis=1)
    used = total > 0
    shares = importances[used] / total[used, np.newaxis]
    # the entropy of a single column is 0 to any base
    base = max(importances.shape[1], 2)
    scores = np.zeros(len(importances))
    scores[used] = 1 - special.entr(shares).sum(axis=1) / np.log(base)
    scores = scores.clip(0, 1)  # rounding
    if not used.any():
        return 0.0, scores
    return float(np.average(scores, weights=total)), scores


def completeness(importances: np.ndarray) -> tuple[float, np.ndarray]:
    """Whether each factor needs one code alone: `disentanglement` of R
    transposed, so with entropies to base D.

    Args:
        importances: R, `[D, K]`, not negative.

    Returns:
        The score, and that of each factor, `[K]`.

    Raises:
        ValueError: unless it is a matrix of finite numbers of at least 0.

    >>> completeness([[1, 0], [1, 0], [0, 2]])[1].round(4)
    array([0.3691, 1.    ])
    """
    return disentanglement(np.transpose(importances))


def _gradient_boosting(codes, factor, test_factor, test_codes, seed):
    classifier = GradientBoostingClassifier(random_state=seed)
    return _fitted(classifier, codes, factor, test_factor, test_codes)


def _random_forest(codes, factor, test_factor, test_codes, seed):
    classifier = RandomForestClassifier(
        n_estimators=10, max_depth=8, max_features=None, random_state=seed
    )
    return _fitted(classifier, codes, factor, test_factor, test_codes)


def _fitted(classifier, codes, factor, test_factor, test_codes):
    classifier.fit(codes, factor)
    return (
        classifier.feature_importances_,
        classifier.score(codes, factor),
        classifier.score(test_codes, test_factor),
    )


def _lasso(codes, factor, test_factor, test_codes, seed):
    scaler = StandardScaler().fit(codes)
    mean, deviation = factor.mean(), factor.std()
    regression = Lasso(alpha=0.02)
    regression.fit(scaler.transform(codes), (factor - mean) / deviation)
    scores = []
    for part, truth in ((codes, factor), (test_codes, test_factor)):
        error = regression.predict(scaler.transform(part))
        error -= (truth - mean) / deviation
        scores.append(1 - np.sqrt(np.mean(error**2)))
    return np.abs(regression.coef_), *scores


def _histogram(codes, factor, test_factor, test_codes, seed):
    """Boosted trees of Friedman (2001), algorithm 6, on binned codes.

    One round grows the trees of all values of the factor side by side; the
    importance of a code is the squared error that its splits take away. The
    test rows go down the same trees, without a say in them.
    """
    values, target = np.unique(factor, return_inverse=True)
    target = np.eye(len(values), dtype=np.float32)[target]
    rows = _binned(codes, np.concatenate([codes, test_codes]))
    counter = _counter(rows[: len(codes)])
    scores = np.tile(np.log(target.mean(axis=0)), (len(rows), 1))
    importances = np.zeros(codes.shape[1])
    for _ in range(ROUNDS):
        residual = target - special.softmax(scores[: len(codes)], axis=1)
        leaves = _grow(rows, counter, residual, importances)
        steps = _steps(leaves[: len(codes)], residual)
        scores += RATE * np.take_along_axis(steps, leaves, axis=0)
    hits = values[scores.argmax(axis=1)] == np.append(factor, test_factor)
    share = importances / max(importances.sum(), np.finfo(np.float64).tiny)
    return share, hits[: len(codes)].mean(), hits[len(codes) :].mean()


def _binned(codes, rows) -> np.ndarray:
    """Bin of each row, with as many rows of `codes` in each of a code's."""
    quantiles = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = np.quantile(codes, quantiles, axis=0).T
    columns = zip(edges, rows.T, strict=True)
    return np.stack(
        [np.searchsorted(edge, row, side="right") for edge, row in columns],
        axis=1,
    )


def _counter(rows) -> sparse.csr_array:
    """`[D * BINS, N]`, 1 where a row is in a bin: its product with anything of
    the rows is the sum of it in each bin."""
    n, d = rows.shape
    where = (rows + BINS * np.arange(d)).ravel(), np.repeat(np.arange(n), d)
    ones = np.ones(n * d, np.float32)
    return sparse.csr_array((ones, where), shape=(d * BINS, n))


def _grow(rows, counter, residual, importances) -> np.ndarray:
    """Leaf of each row, `[rows, values]`, in a tree for each value; adds to
    `importances` what the splits take away."""
    nodes = np.zeros([len(rows), residual.shape[1]], np.int64)
    for depth in range(DEPTH):
        gains = _gains(counter, nodes[: len(residual)], residual, 2**depth)
        best = gains.argmax(axis=0)
        gain = np.take_along_axis(gains, best[np.newaxis], axis=0)[0]
        code, threshold = np.divmod(best, BINS)
        np.add.at(importances, code, gain)
        code, threshold = (
            np.take_along_axis(part, nodes, axis=0)
            for part in (code, threshold)
        )
        right = np.take_along_axis(rows, code, axis=1) > threshold
        nodes = 2 * nodes + right
    return nodes


def _gains(counter, nodes, residual, n_nodes) -> np.ndarray:
    """Squared error that each split takes away, `[D * BINS, nodes, values]`:
    of the bins up to this one from those above."""
    here = nodes[:, np.newaxis] == np.arange(n_nodes)[:, np.newaxis]
    here = here.astype(np.float32)
    sums, counts = (
        (counter @ part.reshape(len(nodes), -1))
        .reshape(-1, BINS, *part.shape[1:])
        .cumsum(axis=1)
        for part in (here * residual[:, np.newaxis], here)
    )
    total, count = sums[:, -1:], counts[:, -1:]
    product = counts * (count - counts)
    gains = np.zeros_like(sums)
    np.divide(
        (sums * count - total * counts) ** 2,
        product * count,
        out=gains,
        where=product > 0,
    )
    return gains.reshape(-1, *gains.shape[2:])


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


ESTIMATORS: dict[str, Callable[..., tuple[np.ndarray, float, float]]] = {
    "gradient_boosting": _gradient_boosting,
    "histogram": _histogram,
    "lasso": _lasso,
    "random_forest": _random_forest,
}
