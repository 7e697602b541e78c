import math

import numpy as np
import pytest
import tensorflow as tf

from tfvae import variational
from tfvae.likelihoods import Bernoulli
from tfvae.variational import Forward

RNG = np.random.default_rng(0)
MEAN = RNG.normal(0, 2, [5, 3]).astype(np.float32)
LOG_VAR = RNG.normal(0, 2, [5, 3]).astype(np.float32)


@pytest.fixture
def forward():
    posterior = variational.posterior(tf.constant(MEAN), tf.constant(LOG_VAR))
    return Forward(
        x=tf.ones([5, 4, 6, 2]),
        z=posterior.sample(seed=0),
        posterior=posterior,
        prior=variational.prior(3),
        likelihood=Bernoulli()(tf.zeros([5, 4, 6, 2])),
    )


def test_shapes(forward):
    assert forward.posterior.batch_shape == [5]
    assert forward.posterior.event_shape == [3]
    assert forward.prior.batch_shape == []
    assert forward.prior.event_shape == [3]
    assert forward.likelihood.event_shape == [4, 6, 2]
    assert forward.nll().shape == [5]
    assert forward.kl().shape == [5]
    assert forward.latent_kl().shape == [5, 3]


def test_posterior_has_the_given_moments(forward):
    np.testing.assert_allclose(forward.posterior.mean(), MEAN)
    np.testing.assert_allclose(
        forward.posterior.variance(), np.exp(LOG_VAR), rtol=1e-5
    )


def test_prior_is_standard():
    prior = variational.prior(3)
    np.testing.assert_array_equal(prior.mean(), np.zeros(3))
    np.testing.assert_array_equal(prior.variance(), np.ones(3))


def test_nll_is_a_sum_over_pixels_and_channels(forward):
    np.testing.assert_allclose(
        forward.nll(), [4 * 6 * 2 * math.log(2)] * 5, rtol=1e-6
    )


def test_kl_is_the_closed_form(forward):
    mean, log_var = MEAN.astype(float), LOG_VAR.astype(float)
    expected = (mean**2 + np.exp(log_var) - log_var - 1) / 2
    np.testing.assert_allclose(forward.latent_kl(), expected, rtol=1e-4)
    np.testing.assert_allclose(forward.kl(), expected.sum(1), rtol=1e-4)


def test_kl_is_the_sum_over_latents(forward):
    np.testing.assert_allclose(
        forward.kl(), tf.reduce_sum(forward.latent_kl(), 1), rtol=1e-5
    )


@pytest.mark.parametrize(
    "mean, variance, kl",
    [
        (0, 1, 0),
        (1, 1, 0.5),
        (-2, 1, 2),
        (0, math.e, math.e / 2 - 1),
        (3, math.exp(-2), 5 + math.exp(-2) / 2),
    ],
)
def test_gaussian_kl_by_hand(mean, variance, kl):
    posterior = variational.posterior(
        np.float32([[mean]]), np.float32([[math.log(variance)]])
    )
    value = posterior.kl_divergence(variational.prior(1))
    assert float(value[0]) == pytest.approx(kl, abs=1e-5)
