import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import random_forward
from tfvae.objectives.info import Info
from tfvae.objectives.info import mmd


def kernel(a, b, s2):
    distances = ((a[:, None] - b[None]) ** 2).sum(2)
    return np.exp(-distances / (2 * s2))


def test_mmd_worked_by_hand():
    """Two samples at 0 and 1 on a line, kernel exp(-d^2 / 2)."""
    within = np.exp(-1 / 2)
    across = np.sqrt(1 / 2) * (1 + np.exp(-1 / 4)) / 2
    expected = within - 2 * across + np.sqrt(1 / 3)
    received = float(mmd(tf.constant([[0.0], [1.0]]), 1.0))
    assert received == pytest.approx(expected, abs=1e-6)


def test_the_closed_forms_are_what_draws_of_the_prior_give():
    rng = np.random.default_rng(0)
    z = rng.normal(0.5, 0.8, [40, 3])
    prior, other = rng.standard_normal([2, 4000, 3])
    s2 = 3.0
    pairs = kernel(z, z, s2)
    within = (pairs.sum() - 40) / (40 * 39)
    expected = (
        within
        - 2 * kernel(z, prior, s2).mean()
        + kernel(prior, other, s2).mean()
    )
    received = float(mmd(tf.constant(z, tf.float32)))
    assert received == pytest.approx(expected, abs=3e-3)


def test_mmd_of_draws_of_the_prior_is_0_on_average():
    rng = np.random.default_rng(0)
    draws = rng.standard_normal([500, 16, 4]).astype("float32")
    estimates = np.array([mmd(tf.constant(z)) for z in draws])
    error = estimates.std() / np.sqrt(len(estimates))
    assert abs(estimates.mean()) < 3 * error
    assert (estimates < 0).any()


@pytest.mark.parametrize("bandwidth", [None, 0.5])
def test_the_loss_is_the_papers(bandwidth):
    forward = random_forward()
    objective = Info(alpha=0.25, mmd_weight=10, bandwidth=bandwidth)
    terms = objective(forward, 0)
    expected = terms["nll"] + 0.75 * terms["kl"] + 9.25 * terms["mmd"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-6)
    np.testing.assert_allclose(terms["mmd"], mmd(forward.z, bandwidth))


def test_alpha_0_and_a_weight_of_1_are_the_vae():
    terms = Info(alpha=0, mmd_weight=1)(random_forward(), 0)
    expected = terms["nll"] + terms["kl"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-6)


def test_a_bandwidth_must_be_positive():
    with pytest.raises(ValueError, match="bandwidth=0"):
        Info(bandwidth=0)


def test_one_image_has_no_pairs():
    with pytest.raises(ValueError, match="batch_size=1"):
        Info().for_dataset(100, batch_size=1)
