"""Separated attribute predictability."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.svm import LinearSVC

from tfvae import registry
from tfvae.metrics import checks
from tfvae.metrics.base import EVERY
from tfvae.metrics.base import metric

CONSTANT = 1e-12  # a code of less variance says nothing


@metric(fast=True, resampled=EVERY)
def sap(
    train_codes: np.ndarray,
    train_factors: np.ndarray,
    test_codes: np.ndarray,
    test_factors: np.ndarray,
    *,
    estimator: str = "r2",
    seed: int = 0,
) -> dict[str, Any]:
    """How much better the best code predicts a factor than the second best;
    Kumar et al. (2018), sec. 3.

        mean over factors of S(best code) - S(second best)

    S is the squared correlation ("r2", on the training part), or the test
    accuracy of a linear support vector machine ("classifier"), as
    disentanglement_lib has them. A classifier of one code cannot separate a
    middle value from both its neighbours: even a perfect code scores 0.24 on
    dSprites, and its scale matters.

    Args:
        train_codes: `[N, D]`, to fit on.
        train_factors: discrete, `[N, K]`; for "r2" their order counts.
        test_codes: `[M, D]`, to score.
        test_factors: `[M, K]`.
        estimator: "r2" or "classifier".
        seed: of the classifier's solver.

    Returns:
        "sap": the score. "gaps": of each factor, `[K]`. "scores": S, `[D, K]`.

    Raises:
        ValueError: on an unknown estimator, arrays that do not match, a NaN,
            one code, a factor with one value, or for "classifier" a value
            that one part lacks.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> round(sap(v * 1.0, v, v * 1.0, v)["sap"], 6)
    1.0
    """
    if estimator not in ESTIMATORS:
        raise registry.unknown_name("estimator", estimator, ESTIMATORS)
    parts = checks.checked_split(
        train_codes,
        train_factors,
        test_codes,
        test_factors,
        same_values=estimator == "classifier",
    )
    checks.at_least_two_codes(parts[0])
    scores = ESTIMATORS[estimator](*parts, seed)
    ordered = np.sort(scores, axis=0)[::-1]
    gaps = ordered[0] - ordered[1]
    return {"sap": float(gaps.mean()), "gaps": gaps, "scores": scores}


def _squared_correlations(codes, factors, test_codes, test_factors, seed):
    codes = codes - codes.mean(axis=0)
    factors = factors - factors.mean(axis=0)
    variances = (codes**2).mean(axis=0)
    covariances = codes.T @ factors / len(codes)
    product = np.outer(variances, (factors**2).mean(axis=0))
    varies = np.broadcast_to(variances[:, np.newaxis] > CONSTANT, product.shape)
    nothing = np.zeros_like(product)
    return np.divide(covariances**2, product, out=nothing, where=varies)


def _accuracies(codes, factors, test_codes, test_factors, seed):
    scores = np.zeros([codes.shape[1], factors.shape[1]])
    for code, factor in np.ndindex(*scores.shape):
        classifier = LinearSVC(
            C=0.01, class_weight="balanced", random_state=seed
        )
        classifier.fit(codes[:, [code]], factors[:, factor])
        scores[code, factor] = classifier.score(
            test_codes[:, [code]], test_factors[:, factor]
        )
    return scores


ESTIMATORS: dict[str, Callable[..., np.ndarray]] = {
    "r2": _squared_correlations,
    "classifier": _accuracies,
}
