"""Codes that turn from the factors to noise; Carbonneau et al. (2020), 5.2.

    z = (1 - a) v + a n,  n ~ N(0, 1), v standardised

Every score must be at its best for a = 0, fall with a (or stay), and end at
what noise deserves: 0, or chance.
"""

import numpy as np
import pytest

from tfvae import metrics

VALUES = 10
TRAIN, TEST = 2000, 1000
CHANCE = 1 / 4  # of telling four factors apart


def data(a):
    rng = np.random.default_rng(0)
    factors = rng.integers(VALUES, size=[TRAIN + TEST, 4])
    standardised = (factors - factors.mean(0)) / factors.std(0)
    noise = rng.standard_normal(factors.shape)
    return (1 - a) * standardised + a * noise, factors


def together(metric, **options):
    return lambda codes, factors: metric(
        codes[:TRAIN], factors[:TRAIN], **options
    )


def parted(metric, **options):
    return lambda codes, factors: metric(
        codes[:TRAIN],
        factors[:TRAIN],
        codes[TRAIN:],
        factors[TRAIN:],
        **options,
    )


POINTS = {"train_points": 1000, "test_points": 1000}
# score: how it is computed, its best, and the highest that noise may have
CURVES = {
    "mig": (together(metrics.mig, bins=10), 1, 0.02),
    "mig_sup": (together(metrics.mig_sup, bins=10), 1, 0.02),
    "aam": (together(metrics.aam, bins=10), 1, 0.05),
    # sampling errors are not alike for all factors
    "modularity": (together(metrics.modularity, bins=10), 1, 0.8),
    "irs": (together(metrics.irs), 1, 0.3),
    "sap": (parted(metrics.sap), 1, 0.02),
    "disentanglement": (
        parted(metrics.dci, estimator="random_forest"),
        1,
        0.05,
    ),
    "completeness": (parted(metrics.dci, estimator="random_forest"), 1, 0.05),
    "informativeness": (
        parted(metrics.dci, estimator="random_forest"),
        1,
        0.15,
    ),
    "explicitness": (parted(metrics.explicitness), 1, 0.55),
    "beta_vae_score": (together(metrics.beta_vae_score, **POINTS), 1, 0.35),
    "factor_vae_score": (together(metrics.factor_vae_score, **POINTS), 1, 0.35),
    "infom": (together(metrics.infomec), 1, 0.75),
    "infoe": (together(metrics.infomec), 1, 0.05),
}


@pytest.mark.parametrize("score", CURVES)
def test_noise_lowers_the_score(score):
    function, best, of_noise = CURVES[score]
    curve = [function(*data(a))[score] for a in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    assert curve[0] == pytest.approx(best, abs=0.06)
    assert curve[-1] <= of_noise
    # InfoM of noise alone compares sampling errors
    assert np.diff(curve).max() < (0.1 if score == "infom" else 0.01)
    assert curve[0] - curve[-1] > 0.15
