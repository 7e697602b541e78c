import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import random_forward
from tfvae import objectives
from tfvae.objectives.beta import VAE
from tfvae.objectives.beta import H


def test_h_with_beta_1_is_the_vae():
    forward = random_forward()
    np.testing.assert_allclose(
        H(beta=1.0)(forward, 0)["loss"], VAE()(forward, 0)["loss"], rtol=1e-6
    )


def test_h_adds_beta_times_the_kl():
    terms = H(beta=4.0)(random_forward(), 0)
    np.testing.assert_allclose(
        terms["loss"], terms["nll"] + 4 * terms["kl"], rtol=1e-6
    )


def test_beta_follows_its_schedule():
    objective = H(beta="10:2:100")
    terms = objective(random_forward(), tf.constant(50, tf.int64))
    np.testing.assert_allclose(
        terms["loss"], terms["nll"] + 6 * terms["kl"], rtol=1e-5
    )


@pytest.mark.parametrize("beta", [-1.0, float("nan"), float("inf")])
def test_bad_beta_is_refused(beta):
    with pytest.raises(ValueError, match="must be a finite number >= 0"):
        H(beta=beta)


def test_any_callable_of_the_step_is_a_schedule():
    objective = objectives.get("H", beta=lambda step: 2.0 + 0.0 * step)
    terms = objective(random_forward(), 3.0)
    np.testing.assert_allclose(
        terms["loss"], terms["nll"] + 2 * terms["kl"], rtol=1e-6
    )
