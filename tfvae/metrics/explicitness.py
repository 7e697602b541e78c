"""Explicitness."""

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from tfvae.metrics import checks
from tfvae.metrics.base import FEW
from tfvae.metrics.base import metric


@metric(resampled=FEW)
def explicitness(
    train_codes: np.ndarray,
    train_factors: np.ndarray,
    test_codes: np.ndarray,
    test_factors: np.ndarray,
) -> dict[str, Any]:
    """How well a linear classifier reads each factor off the codes; Ridgeway &
    Mozer (2018), sec. 2.

        mean over factors of the one-vs-rest ROC area, mean over its values

    The classifier is a multinomial logistic regression on standardised codes.
    The reference code, run with the scikit-learn of its time, fitted one binary
    classifier a value and scores 0.03 to 0.06 lower. Chance is 0.5; the score
    is not rescaled.

    Args:
        train_codes: `[N, D]`, to fit on.
        train_factors: discrete, `[N, K]`.
        test_codes: `[M, D]`, to score.
        test_factors: discrete, `[M, K]`; every value that training has.

    Returns:
        "explicitness": on the test part. "factors": of each factor, `[K]`.
        "train": the score on the training part.

    Raises:
        ValueError: on arrays that do not match, a NaN, a factor with one
            value, or a value that one of the parts lacks.

    >>> v = np.stack(np.unravel_index(np.arange(60), (3, 20)), axis=1)
    >>> codes = np.eye(3)[v[:, 0]]
    >>> round(explicitness(codes, v[:, :1], codes, v[:, :1])["explicitness"], 6)
    1.0
    """
    parts = checks.checked_split(
        train_codes, train_factors, test_codes, test_factors
    )
    train_codes, train_factors, test_codes, test_factors = parts
    # a constant code is left at 0
    scaler = StandardScaler().fit(train_codes)
    train_codes, test_codes = map(scaler.transform, (train_codes, test_codes))
    scores = np.array(
        [
            _areas(train_codes, train, test_codes, test)
            for train, test in zip(train_factors.T, test_factors.T, strict=True)
        ]
    )
    return {
        "explicitness": float(scores[:, 1].mean()),
        "factors": scores[:, 1],
        "train": float(scores[:, 0].mean()),
    }


# more threads only wait for one another on matrices this small
@threadpool_limits.wrap(limits=1)
def _areas(train_codes, train_factor, test_codes, test_factor) -> list[float]:
    """Mean area under the ROC curves of a factor's values, train and test."""
    classifier = LogisticRegression(max_iter=1000)
    classifier.fit(train_codes, train_factor)
    areas = []
    for codes, factor in (
        (train_codes, train_factor),
        (test_codes, test_factor),
    ):
        probabilities = classifier.predict_proba(codes)
        is_value = factor[:, np.newaxis] == classifier.classes_
        areas.append(
            np.mean(
                [
                    roc_auc_score(*pair)
                    for pair in zip(is_value.T, probabilities.T, strict=True)
                ]
            )
        )
    return areas
