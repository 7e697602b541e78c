"""The score of the FactorVAE paper."""

from typing import Any

import numpy as np

from tfvae.metrics import checks
from tfvae.metrics import sampling
from tfvae.metrics.base import metric


@metric(fast=True, rows="all")
def factor_vae_score(
    codes: np.ndarray,
    factors: np.ndarray,
    *,
    train_points: int = 10_000,
    test_points: int = 5_000,
    batch_size: int = 64,
    threshold: float = 0.05,
    variance_images: int = 10_000,
    seed: int = 0,
) -> dict[str, Any]:
    """Whether the code that varies least tells which factor is held; Kim & Mnih
    (2018), sec. 4.

        vote = argmin over active codes d of
            Var[z_d | v_k held] / Var[z_d]

    Each vote draws a factor k, a value of it, and `batch_size` images that have
    it. A code predicts the factor that it got most training votes from, the
    first one in a tie; the score is the accuracy on held-out votes. Chance is
    1 / K. A rotation of independent factors can score 1.

    Sizes and threshold are those of Locatello et al. (2019) and
    disentanglement_lib. The paper leaves out collapsed codes by their KL, and
    takes 800 votes.

    Args:
        codes: `[N, D]`, one row an image.
        factors: discrete, `[N, K]`; no full grid is needed.
        train_points: votes to learn from.
        test_points: votes to score.
        batch_size: images of each vote.
        threshold: a code of smaller standard deviation is not active. With 0,
            constant codes still are not; in disentanglement_lib they then get
            all votes, and the score falls to chance.
        variance_images: random images that Var[z_d] is taken over.
        seed: of the draws.

    Returns:
        "factor_vae_score": accuracy on the test votes, 0 if no code is active.
        "train": on the training votes. "active": bool, `[D]`. "votes": number
        of training votes, `[K, D]`. "hits": whether each test vote is right,
        `[test_points]`.

    Raises:
        ValueError: on arrays that do not match, a NaN, a single factor, a
            factor with one value, fewer than 1 vote or 2 images, or a threshold
            below 0.

    >>> v = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
    >>> sizes = {"train_points": 50, "test_points": 20}
    >>> factor_vae_score(v, v, **sizes)["factor_vae_score"]
    1.0
    """
    sampling.at_least(1, train_points=train_points, test_points=test_points)
    sampling.at_least(2, batch_size=batch_size, variance_images=variance_images)
    if not threshold >= 0:
        raise ValueError(
            "Argument `threshold` must not be negative. "
            f"Received: threshold={threshold}"
        )
    codes, factors = checks.checked(codes, factors)
    checks.at_least_two_factors(factors)
    rng = np.random.default_rng(seed)
    sample = codes[rng.integers(len(codes), size=variance_images)]
    active = _active(sample, threshold)
    votes = np.zeros([factors.shape[1], codes.shape[1]], int)
    hits = np.zeros(test_points, bool)
    if active.any():
        held = rng.integers(len(votes), size=train_points + test_points)
        # NaN: a code that is not active never wins
        scale = np.where(active, sample.var(axis=0, ddof=1), np.nan)
        winners = _winners(codes, factors, held, scale, batch_size, rng)
        np.add.at(votes, (held[:train_points], winners[:train_points]), 1)
        predicted = votes.argmax(axis=0)[winners[train_points:]]
        hits = predicted == held[train_points:]
    return {
        "factor_vae_score": float(hits.mean()),
        "train": float(votes.max(axis=0).sum() / train_points),
        "active": active,
        "votes": votes,
        "hits": hits,
    }


def _active(sample, threshold) -> np.ndarray:
    # a constant's variance may be off 0 by rounding
    varies = sample.min(axis=0) < sample.max(axis=0)
    return varies & (sample.std(axis=0, ddof=1) >= threshold)


def _winners(codes, factors, held, scale, batch_size, rng) -> np.ndarray:
    groups = sampling.FactorGroups(factors)

    def least_varied(held):
        rows = groups.draw(rng, held, batch_size)
        variances = codes[rows].var(axis=1, ddof=1)
        return np.nanargmin(variances / scale, axis=1)

    return sampling.in_chunks(least_varied, held, batch_size)
