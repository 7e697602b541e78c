"""Unsupervised disentanglement ranking."""

from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats
from sklearn.linear_model import Lasso

from tfvae import registry
from tfvae.metrics import checks


def udr(
    codes: Sequence[np.ndarray],
    latent_kl: Sequence[np.ndarray],
    *,
    estimator: str = "lasso",
    threshold: float = 0.01,
    alpha: float = 0.1,
) -> dict[str, Any]:
    """Whether models that differ in their seed alone agree code by code; Duan
    et al. (2020). It needs no factors.

    R(a, b) says how much code a of one model tells of code b of another:

        pair = (mean over b of max_a R^2 / sum_a R
                + mean over a of max_b R^2 / sum_b R) / 2
        score of a model = median over the other models of its pairs

    R is the absolute weight of a Lasso regression of the second model's codes
    on the first's, or the absolute rank correlation, of codes that are
    standardised and whose divergence from the prior exceeds the threshold, as
    disentanglement_lib has them. (The paper takes one mean over a and b.) The
    Lasso shrinks: at alpha 0.1 even a model and its copy score 0.9. A constant
    code above the threshold agrees with nothing and scores 0; a model with no
    code above it does, too.

    Not one of `names()`, as it needs several models.

    Args:
        codes: posterior means of the same images, of each model `[N, D]`; D
            may differ.
        latent_kl: mean divergence of each code from the prior in nats, of
            each model `[D]`.
        estimator: "lasso" or "spearman".
        threshold: codes of no more divergence are left out.
        alpha: penalty of the Lasso.

    Returns:
        "udr": of each model, `[M]`. "pairs": `[M, M]`, rows predict columns,
        NaN on the diagonal; a model's score is the median of its column.

    Raises:
        ValueError: on an unknown estimator, fewer than two models, arrays that
            do not match, or a NaN.

    >>> codes = np.random.default_rng(0).standard_normal([100, 2])
    >>> kl = np.ones(2)
    >>> udr([codes, -codes], [kl, kl], estimator="spearman")["udr"] > 0.8
    array([ True,  True])
    """
    if estimator not in ESTIMATORS:
        raise registry.unknown_name("estimator", estimator, ESTIMATORS)
    codes = _checked(codes, latent_kl)
    informative = [
        _standardised(model)[:, np.asarray(kl) > threshold]
        for model, kl in zip(codes, latent_kl, strict=True)
    ]
    pairs = np.full([len(codes), len(codes)], np.nan)
    for a, b in np.ndindex(*pairs.shape):
        if a != b:
            pair = informative[a], informative[b]
            pairs[a, b] = _agreement(*pair, ESTIMATORS[estimator], alpha)
    return {"udr": np.nanmedian(pairs, axis=0), "pairs": pairs}


def relative_strength(relations: np.ndarray) -> float:
    """The score of a pair of models from R, `[codes of a, codes of b]`.

    >>> relative_strength(np.eye(3))
    1.0
    """
    means = []
    for axis in (0, 1):
        total = relations.sum(axis=axis)
        score = np.divide(
            relations.max(axis=axis) ** 2,
            total,
            out=np.zeros_like(total),
            where=total > 0,
        )
        means.append(score.mean())
    return float(np.mean(means))


def _checked(codes, latent_kl) -> list[np.ndarray]:
    if len(codes) < 2 or len(codes) != len(latent_kl):
        raise ValueError(
            "At least 2 models are needed, with codes and divergences. "
            f"Received: codes of {len(codes)}, divergences of {len(latent_kl)}"
        )
    codes = [checks.checked_codes(model) for model in codes]
    if len({len(model) for model in codes}) > 1:
        raise ValueError(
            "Codes must be of the same images. "
            f"Received: rows {[len(model) for model in codes]}"
        )
    for model, kl in zip(codes, latent_kl, strict=True):
        if np.shape(kl) != model.shape[1:] or not np.isfinite(kl).all():
            raise ValueError(
                "Divergences must be one finite number a code. "
                f"Received: {kl} for codes {model.shape}"
            )
    return codes


def _standardised(codes: np.ndarray) -> np.ndarray:
    varies = codes.min(axis=0) < codes.max(axis=0)
    deviations = np.where(varies, codes.std(axis=0), 1)
    return np.where(varies, (codes - codes.mean(axis=0)) / deviations, 0)


def _agreement(codes, others, estimator, alpha: float) -> float:
    if not (codes.shape[1] and others.shape[1]):
        return 0.0
    return relative_strength(estimator(codes, others, alpha))


def _lasso_weights(codes, others, alpha):
    weights = Lasso(alpha=alpha).fit(codes, others).coef_
    return np.abs(weights.reshape(others.shape[1], codes.shape[1])).T


def _rank_correlations(codes, others, alpha):
    ranks = [
        _standardised(stats.rankdata(model, axis=0))
        for model in (codes, others)
    ]
    return np.abs(ranks[0].T @ ranks[1]) / len(codes)


ESTIMATORS: dict[str, Callable[..., np.ndarray]] = {
    "lasso": _lasso_weights,
    "spearman": _rank_correlations,
}
