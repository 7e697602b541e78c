import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import forward_of
from tests.oracles import random_forward
from tfvae.objectives.capacity import B
from tfvae.objectives.capacity import Hinge
from tfvae.schedules import Linear

RAMP = Linear(1.0, 5.0, steps=100)


@pytest.mark.parametrize(
    ("step", "capacity"), [(0, 1.0), (50, 3.0), (100, 5.0), (1000, 5.0)]
)
def test_b_along_its_ramp(step, capacity):
    forward = random_forward()
    terms = B(gamma=10.0, capacity=RAMP)(forward, step)
    kl = np.mean(forward.kl())
    expected = forward.nll() + 10 * abs(kl - capacity)
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)
    assert float(terms["capacity"]) == pytest.approx(capacity)


def test_b_holds_the_batch_mean_not_each_image():
    forward = random_forward()
    kl = forward.kl()
    held = B(gamma=10.0, capacity=float(np.mean(kl)))(forward, 0)
    assert np.std(kl) > 0.1
    np.testing.assert_allclose(held["loss"], held["nll"], rtol=1e-4)


def test_b_may_hold_each_image():
    forward = random_forward()
    kl = np.array(forward.kl())
    c = float(np.median(kl))
    terms = B(10.0, c, constraint="image")(forward, 0)
    expected = forward.nll() + 10 * np.abs(kl - c)
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)
    held = B(10.0, c)(forward, 0)
    assert np.mean(terms["loss"]) > np.mean(held["loss"])  # Jensen


def test_unknown_constraint():
    with pytest.raises(ValueError, match="Did you mean 'image'"):
        B(constraint="images")


def test_hinge_is_b_above_c_and_the_nll_below():
    forward = random_forward()
    kl = float(np.mean(forward.kl()))
    above, below = kl / 2, kl * 2
    np.testing.assert_allclose(
        Hinge(10.0, above)(forward, 0)["loss"],
        B(10.0, above)(forward, 0)["loss"],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        Hinge(10.0, below)(forward, 0)["loss"], forward.nll(), rtol=1e-6
    )


def loss_and_gradient(objective, mean, log_var):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=mean.shape).astype("float32")
    x = np.ones([len(mean), 2, 2, 1], "float32")
    with tf.GradientTape() as tape:
        tape.watch([mean, log_var])
        forward = forward_of(mean, log_var, noise, x, x)
        loss = tf.reduce_mean(objective(forward, 0)["loss"])
    return float(loss), tape.gradient(loss, [mean, log_var])


@pytest.mark.parametrize(
    "objective",
    [
        B(10.0, 0.5),
        B(10.0, 50.0),
        B(10.0, 0.5, constraint="image"),
        Hinge(10.0, 0.5),
    ],
)
def test_gradient_of_the_penalty_by_finite_differences(objective):
    rng = np.random.default_rng(1)
    mean, log_var = rng.normal(size=[2, 4, 3]).astype("float32")
    _, gradients = loss_and_gradient(
        objective, tf.constant(mean), tf.constant(log_var)
    )
    step = 1e-2
    for which, gradient in enumerate(gradients):
        shift = np.zeros([2, 4, 3], "float32")
        shift[which, 2, 1] = step
        high, low = (
            loss_and_gradient(
                objective,
                tf.constant(mean + sign * shift[0]),
                tf.constant(log_var + sign * shift[1]),
            )[0]
            for sign in (1, -1)
        )
        assert float(gradient[2, 1]) == pytest.approx(
            (high - low) / (2 * step), rel=0.02, abs=0.01
        )


def test_below_c_a_latent_that_is_off_gets_no_push_and_one_that_is_on_does():
    """Why |KL - C| over-codes: it pays variance where there is a code."""
    mean = np.zeros([4, 2], "float32")
    log_var = np.array([[0.0, -4.0]] * 4, "float32")
    _, (_, push) = loss_and_gradient(
        B(10.0, 50.0), tf.constant(mean), tf.constant(log_var)
    )
    np.testing.assert_allclose(push[:, 0], 0.0, atol=1e-6)
    assert (push[:, 1].numpy() > 0.5).all()
