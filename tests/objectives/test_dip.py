import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import forward_of
from tests.oracles import random_forward
from tfvae.objectives.dip import DIPI
from tfvae.objectives.dip import DIPII


def forward_with(mean, log_var):
    mean = np.array(mean, "float32")
    image = np.ones([len(mean), 2, 2, 1], "float32")
    log_var = np.broadcast_to(np.float32(log_var), mean.shape)
    return forward_of(mean, log_var, np.zeros_like(mean), image, image)


# variances 1 and 4, covariance 2 where both go together
TOGETHER = [[1, 2], [-1, -2]]


@pytest.mark.parametrize(
    ("objective", "off_diagonal", "diagonal"),
    [
        (DIPI(), 2 * 2**2, (1 - 1) ** 2 + (4 - 1) ** 2),
        # each variance e^0 more
        (DIPII(), 2 * 2**2, (2 - 1) ** 2 + (5 - 1) ** 2),
    ],
)
def test_penalties_worked_by_hand(objective, off_diagonal, diagonal):
    terms = objective(forward_with(TOGETHER, 0.0), 0)
    assert float(terms["off_diagonal_penalty"]) == pytest.approx(off_diagonal)
    assert float(terms["diagonal_penalty"]) == pytest.approx(diagonal)


@pytest.mark.parametrize("kind", [DIPI, DIPII])
def test_the_loss_is_the_elbo_and_the_weighted_penalties(kind):
    forward = random_forward()
    terms = kind(off_diagonal=3, diagonal="5:7:10")(forward, 5)
    expected = (
        terms["nll"]
        + terms["kl"]
        + 3 * terms["off_diagonal_penalty"]
        + 6 * terms["diagonal_penalty"]
    )
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-6)


def test_dip_ii_is_the_covariance_of_the_codes():
    """Of many draws from the posteriors of four images."""
    rng = np.random.default_rng(0)
    mean = rng.normal(size=[4, 3])
    deviation = rng.uniform(0.3, 1.5, [4, 3])
    draws = mean + deviation * rng.standard_normal([100_000, 4, 3])
    expected = np.cov(draws.reshape(-1, 3).T, bias=True)
    forward = forward_with(mean, 2 * np.log(deviation))
    received = DIPII().covariance(forward)
    np.testing.assert_allclose(received, expected, atol=0.02)


def test_dip_i_leaves_the_variances_alone():
    log_var = tf.Variable(np.zeros([2, 2], "float32"))
    mean = tf.Variable(np.array(TOGETHER, "float32"))
    image = np.ones([2, 2, 2, 1], "float32")
    for kind, moves in ((DIPI, False), (DIPII, True)):
        with tf.GradientTape() as tape:
            forward = forward_of(mean, log_var, np.zeros([2, 2]), image, image)
            penalty = kind()(forward, 0)["diagonal_penalty"]
        gradient = tape.gradient(penalty, log_var)
        assert (gradient is not None and np.any(gradient != 0)) == moves


def test_the_gradient_of_the_off_diagonal_penalty():
    """d/dmu_1 of 2 C_12^2 with C_12 = mean of mu_1 mu_2, centred."""
    mean = tf.Variable(np.array(TOGETHER, "float32"))
    image = np.ones([2, 2, 2, 1], "float32")

    @tf.function
    def gradient():
        with tf.GradientTape() as tape:
            forward = forward_of(
                mean, tf.zeros([2, 2]), np.zeros([2, 2]), image, image
            )
            penalty = DIPI()(forward, 0)["off_diagonal_penalty"]
        return tape.gradient(penalty, mean)

    # 4 C_12 (mu_2 - its mean) / B = 4 * 2 * (2, -2) / 2
    np.testing.assert_allclose(gradient()[:, 0], [8, -8], rtol=1e-6)
