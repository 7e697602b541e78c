"""Disentanglement, completeness and informativeness."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Lasso
from sklearn.preprocessing import StandardScaler

from tfvae import registry
from tfvae.metrics import boosting
from tfvae.metrics import checks
from tfvae.metrics.base import FEW
from tfvae.metrics.base import metric

ROUNDING = 1e-9  # less than this share of all importance is none


@metric(resampled=FEW)
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
        histogram           the same on codes cut into 128 bins, in half the
                            rounds at twice the rate; seconds, and within 0.04
                            of it wherever both were run
        random_forest       10 trees of depth 8 that see all codes at each
                            split; the depth decides much of the score
        lasso               alpha 0.02 on standardised codes and factors, as
                            Eastwood & Williams; R is |coefficient|. It knows
                            only what is linear in the order of the values,
                            and noise in the codes costs it little

    Args:
        train_codes: `[N, D]`, to fit on.
        train_factors: discrete, `[N, K]`; for "lasso" their order counts.
        test_codes: `[M, D]`, to score.
        test_factors: discrete, `[M, K]`.
        estimator: one of the above.
        seed: of the trees, which draw among equally good splits (and rows, in
            a forest).

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
            single factor, a factor with one value, or (but for "lasso") a
            value that one part lacks.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> result = dci(v * 1.0, v, v * 1.0, v)
    >>> [round(result[name], 4) for name in ("disentanglement", "error")]
    [1.0, 0.0]
    """
    if estimator not in ESTIMATORS:
        raise registry.unknown_name("estimator", estimator, ESTIMATORS)
    train_codes, train_factors, test_codes, test_factors = checks.checked_split(
        train_codes,
        train_factors,
        test_codes,
        test_factors,
        same_values=estimator != "lasso",
    )
    checks.at_least_two_factors(train_factors)
    fitted = [
        ESTIMATORS[estimator](train_codes, train, test_codes, test, seed)
        for train, test in zip(train_factors.T, test_factors.T, strict=True)
    ]
    columns, train, test = zip(*fitted, strict=True)
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
    The reference adds 1e-11 to R instead, and so gives such a code nearly 0.

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
    used = total > ROUNDING * total.sum()
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


def _gradient_boosting(codes, factor, test_codes, test_factor, seed):
    classifier = GradientBoostingClassifier(random_state=seed)
    return _fitted(classifier, codes, factor, test_codes, test_factor)


def _random_forest(codes, factor, test_codes, test_factor, seed):
    classifier = RandomForestClassifier(
        n_estimators=10, max_depth=8, max_features=None, random_state=seed
    )
    return _fitted(classifier, codes, factor, test_codes, test_factor)


def _fitted(classifier, codes, factor, test_codes, test_factor):
    classifier.fit(codes, factor)
    return (
        classifier.feature_importances_,
        classifier.score(codes, factor),
        classifier.score(test_codes, test_factor),
    )


def _lasso(codes, factor, test_codes, test_factor, seed):
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


ESTIMATORS: dict[str, Callable[..., tuple[np.ndarray, float, float]]] = {
    "gradient_boosting": _gradient_boosting,
    "histogram": boosting.importances_of,
    "lasso": _lasso,
    "random_forest": _random_forest,
}
