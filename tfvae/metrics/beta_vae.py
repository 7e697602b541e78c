"""The score of the beta-VAE paper."""

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from tfvae.metrics import checks
from tfvae.metrics import sampling
from tfvae.metrics.base import metric


@metric(fast=True, rows="all")
def beta_vae_score(
    codes: np.ndarray,
    factors: np.ndarray,
    *,
    train_points: int = 10_000,
    test_points: int = 5_000,
    batch_size: int = 64,
    seed: int = 0,
) -> dict[str, Any]:
    """Whether pairs of images tell which factor they share; Higgins et al.
    (2017), sec. 3.

        point = mean over pairs (a, b) with v_k(a) = v_k(b) of |z(a) - z(b)|

    A linear classifier predicts k from the point; the score is its accuracy on
    held-out points. Each pair draws a value of its own, uniformly; all other
    factors are free.

    The classifier is a logistic regression, as in disentanglement_lib. The
    paper trained a softmax with Adagrad, and reports the mean of the better
    half of 30 scores. Codes are not scaled: the classifier's penalty hides
    those of small scale, and a perfect code times 0.0001 scores as chance, 1/K.
    Rotated codes score 1, and so do codes that know all factors but one.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`; no full grid is needed.
        train_points: to fit the classifier on.
        test_points: to score it on.
        batch_size: pairs of each point.
        seed: of the draws.

    Returns:
        "beta_vae_score": accuracy on the test points. "train": on the training
        points. "hits": whether each test point is right, `[test_points]`.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single factor, a
            factor with one value, a size below 1, or training points that are
            all of one factor.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> beta_vae_score(v, v, train_points=50, test_points=20)["beta_vae_score"]
    1.0
    """
    sampling.at_least(
        1,
        train_points=train_points,
        test_points=test_points,
        batch_size=batch_size,
    )
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_factors(factors)
    groups = sampling.FactorGroups(factors)
    rng = np.random.default_rng(seed)

    def differences(held):
        pairs = groups.draw(rng, np.repeat(held, batch_size), 2)
        distances = np.abs(codes[pairs[:, 0]] - codes[pairs[:, 1]])
        return distances.reshape(len(held), batch_size, -1).mean(axis=1)

    labels = rng.integers(factors.shape[1], size=train_points + test_points)
    points = sampling.in_chunks(differences, labels, 2 * batch_size)
    return score_points(
        points[:train_points],
        labels[:train_points],
        points[train_points:],
        labels[train_points:],
    )


def score_points(
    train_points: np.ndarray,
    train_labels: np.ndarray,
    test_points: np.ndarray,
    test_labels: np.ndarray,
) -> dict[str, Any]:
    """`beta_vae_score` of points that are already made.

    Args:
        train_points: `[N, D]`, to fit on: the mean absolute difference of the
            codes of pairs that share one factor.
        train_labels: that factor, `[N]`. One that has no training point is
            never predicted.
        test_points: `[M, D]`, to score.
        test_labels: `[M]`.

    Returns:
        As `beta_vae_score`.

    Raises:
        ValueError: on arrays that do not match, a NaN, or training points that
            are all of one factor.

    >>> points, labels = np.array([[0, 1], [1, 0]]), np.array([0, 1])
    >>> score_points(points, labels, points, labels)["beta_vae_score"]
    1.0
    """
    train = _checked_points(train_points, train_labels)
    test = _checked_points(test_points, test_labels)
    if len(np.unique(train[1])) < 2:
        raise ValueError(
            "Training points must be of at least 2 factors. "
            f"Received: {len(train[1])} points of factor {train[1][0]}"
        )
    classifier = LogisticRegression(max_iter=1000).fit(*train)
    hits = classifier.predict(test[0]) == test[1]
    return {
        "beta_vae_score": float(hits.mean()),
        "train": float(classifier.score(*train)),
        "hits": hits,
    }


def _checked_points(points, labels) -> tuple[np.ndarray, np.ndarray]:
    points, labels = np.asarray(points), np.asarray(labels)
    if points.ndim != 2 or labels.shape != points.shape[:1] or not len(points):
        raise ValueError(
            "Points must be [N, D] and labels [N] with the same N, at least 1. "
            f"Received: points {points.shape}, labels {labels.shape}"
        )
    if not np.isfinite(points).all():
        raise ValueError("Points must be finite. Received: NaN or infinity")
    return points, labels
