import math

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import expit
from scipy.special import log_expit

from tfvae.likelihoods import LIKELIHOODS
from tfvae.likelihoods import Bernoulli
from tfvae.likelihoods import ContinuousBernoulli
from tfvae.likelihoods import Gaussian
from tfvae.likelihoods import Laplace
from tfvae.likelihoods import SigmaGaussian

LOG_SCALE = -1.5
SHAPE = (2, 4, 3, 2)
RNG = np.random.default_rng(0)
GREY = RNG.random(SHAPE, np.float32)
BINARY = np.rint(RNG.random(SHAPE, np.float32))
OUTPUTS = RNG.normal(0, 3, SHAPE).astype(np.float32)
OUTPUTS[:, 0, :, 0] = [-30, 1e-4, 30]


def cross_entropy(x, outputs):
    return -x * log_expit(outputs) - (1 - x) * log_expit(-outputs)


def continuous_bernoulli(x, outputs):
    # p(x) = a exp(a x) / (exp(a) - 1)
    return -(outputs * x + np.log(outputs / np.expm1(outputs)))


def gaussian(x, outputs):
    return -stats.norm.logpdf(x, expit(outputs), 0.3)


def sigma_gaussian(x, outputs):
    return -stats.norm.logpdf(x, expit(outputs), math.exp(LOG_SCALE))


def laplace(x, outputs):
    return -stats.laplace.logpdf(x, expit(outputs), 0.2)


# a likelihood, and -log p of each pixel in float64
CASES = {
    "bernoulli": (Bernoulli(), cross_entropy),
    "continuous_bernoulli": (ContinuousBernoulli(), continuous_bernoulli),
    "gaussian": (Gaussian(sigma=0.3), gaussian),
    "sigma_gaussian": (SigmaGaussian(), sigma_gaussian),
    "laplace": (Laplace(scale=0.2), laplace),
}

every_likelihood = pytest.mark.parametrize("name", LIKELIHOODS.names())


def nll(likelihood, images, outputs, log_scale=LOG_SCALE):
    return -likelihood(outputs, log_scale).log_prob(images)


@every_likelihood
@pytest.mark.parametrize("images", [BINARY, GREY], ids=["binary", "grey"])
def test_nll_is_the_sum_over_pixels_and_channels(name, images):
    likelihood, reference = CASES[name]
    expected = reference(images.astype(float), OUTPUTS.astype(float))
    np.testing.assert_allclose(
        nll(likelihood, images, OUTPUTS), expected.sum((1, 2, 3)), rtol=1e-5
    )


def test_bernoulli_of_binary_images_is_a_coin_a_pixel():
    outputs = OUTPUTS.clip(-5, 5)  # scipy is not exact near 0 and 1
    expected = -stats.bernoulli.logpmf(BINARY, expit(outputs.astype(float)))
    np.testing.assert_allclose(
        nll(Bernoulli(), BINARY, outputs), expected.sum((1, 2, 3)), rtol=1e-5
    )


@every_likelihood
@pytest.mark.parametrize("axis", [1, 2, 3])
def test_nll_of_two_images_joined_is_the_sum(name, axis):
    likelihood, _ = CASES[name]
    both = np.concatenate([GREY, BINARY], axis)
    outputs = np.concatenate([OUTPUTS, -OUTPUTS], axis)
    np.testing.assert_allclose(
        nll(likelihood, both, outputs),
        nll(likelihood, GREY, OUTPUTS) + nll(likelihood, BINARY, -OUTPUTS),
        rtol=1e-5,
    )


@every_likelihood
def test_gradient_is_that_of_finite_differences(name):
    likelihood, reference = CASES[name]
    outputs = tf.constant(OUTPUTS)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        loss = tf.reduce_sum(nll(likelihood, GREY, outputs))
    x, middle, step = GREY.astype(float), OUTPUTS.astype(float), 1e-5
    rise = reference(x, middle + step) - reference(x, middle - step)
    np.testing.assert_allclose(
        tape.gradient(loss, outputs), rise / (2 * step), rtol=1e-4, atol=1e-5
    )


def test_trained_sigma_is_best_at_the_root_mean_square_error():
    error = GREY - expit(OUTPUTS)
    log_scale = tf.constant(np.log(np.mean(error**2)) / 2)
    with tf.GradientTape() as tape:
        tape.watch(log_scale)
        loss = nll(SigmaGaussian(), GREY, OUTPUTS, log_scale)
        loss = tf.reduce_sum(loss) / GREY.size
    assert float(tape.gradient(loss, log_scale)) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    "logit", [0, 1e-6, -1e-3, 0.1, -0.5, 2, -2, 10, -30, 30]
)
def test_continuous_bernoulli_integrates_to_1(logit):
    x = np.linspace(0, 1, 10_001, dtype=np.float32)
    images = x.reshape(-1, 1, 1, 1)
    outputs = np.full_like(images, logit)
    density = np.exp(-nll(ContinuousBernoulli(), images, outputs))
    assert np.trapezoid(density, x) == pytest.approx(1, abs=1e-4)


@every_likelihood
def test_mean_is_an_image(name):
    likelihood, _ = CASES[name]
    outputs = np.float32([-100, -30, -1, 0, 1, 30, 100]).reshape(1, 7, 1, 1)
    mean = likelihood(outputs, LOG_SCALE).mean().numpy().ravel()
    assert np.all((0 <= mean) & (mean <= 1))
    assert np.all(np.diff(mean) >= 0)
    assert mean[3] == pytest.approx(0.5)


@pytest.mark.parametrize("cls, name", [(Gaussian, "sigma"), (Laplace, "scale")])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_scale_must_be_positive(cls, name, value):
    with pytest.raises(ValueError, match=f"Received: {name}={value}"):
        cls(value)
