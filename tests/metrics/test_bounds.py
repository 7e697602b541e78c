"""ELBO and IWAE."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from tfvae.metrics import elbo
from tfvae.metrics import iwae


def test_elbo_by_hand():
    result = elbo(np.array([10.0, 20.0]), np.array([[1, 2], [3, 0]]), 8)
    assert result["nll"] == 15
    assert result["kl"] == 3
    assert result["elbo"] == -18
    assert result["bits_per_dimension"] == pytest.approx(18 / math.log(2) / 8)


def test_equal_weights_are_the_elbo():
    result = iwae(np.full([3, 5], -7.0))
    assert result["iwae"] == pytest.approx(-7)
    assert result["effective_samples"] == pytest.approx(5)


def test_one_large_weight_counts_alone():
    weights = np.array([[0.0, -1000.0]])
    result = iwae(weights)
    assert result["iwae"] == pytest.approx(-math.log(2))
    assert result["effective_samples"] == pytest.approx(1)


def test_the_bound_rises_to_the_likelihood():
    # p(z) = N(0, 1), p(x|z) = N(z, 1), so p(x) = N(0, 2); q is off
    rng = np.random.default_rng(0)
    x, samples = 1.0, 2000
    z = 0.2 + rng.standard_normal([500, samples])
    log_weights = norm.logpdf(x, z) + norm.logpdf(z) - norm.logpdf(z, loc=0.2)
    bounds = [iwae(log_weights[:, :count])["iwae"] for count in (1, 5, samples)]
    assert bounds == sorted(bounds)
    expected = norm.logpdf(x, scale=math.sqrt(2))
    assert bounds[-1] == pytest.approx(expected, abs=1e-3)
    assert bounds[0] < expected - 0.1


@pytest.mark.parametrize(
    "nll, latent_kl",
    [
        (np.ones(3), np.ones([2, 1])),
        (np.ones(3), np.ones(3)),
        ([], np.ones([0, 1])),
        ([np.nan], [[1.0]]),
    ],
)
def test_bad_terms(nll, latent_kl):
    with pytest.raises(ValueError, match="Received: "):
        elbo(nll, latent_kl, 4)


@pytest.mark.parametrize("wrong", [np.ones(3), np.ones([3, 0]), [[np.nan]]])
def test_bad_weights(wrong):
    with pytest.raises(ValueError, match="Received: "):
        iwae(wrong)
