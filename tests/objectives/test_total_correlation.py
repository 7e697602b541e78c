import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import Aggregate
from tests.oracles import forward_of
from tests.oracles import random_forward
from tfvae import objectives
from tfvae.objectives.total_correlation import TC


@pytest.mark.parametrize("estimator", ["MWS", "MSS"])
def test_the_three_terms_sum_to_the_one_sample_kl(estimator):
    forward = random_forward()
    terms = TC(estimator=estimator, dataset_size=1000)(forward, 0)
    sampled_kl = forward.posterior.log_prob(forward.z) - forward.prior.log_prob(
        forward.z
    )
    np.testing.assert_allclose(
        terms["mi"] + terms["tc"] + terms["dwkl"],
        sampled_kl,
        rtol=1e-4,
        atol=1e-4,
    )


@pytest.mark.parametrize("estimator", ["MWS", "MSS"])
def test_with_weights_1_the_loss_is_the_one_sample_elbo(estimator):
    forward = random_forward()
    objective = TC(1.0, 1.0, 1.0, estimator, dataset_size=1000)
    elbo = -forward.nll() - (
        forward.posterior.log_prob(forward.z)
        - forward.prior.log_prob(forward.z)
    )
    np.testing.assert_allclose(
        objective(forward, 0)["loss"], -elbo, rtol=1e-4, atol=1e-4
    )


def test_each_weight_scales_its_own_term():
    forward = random_forward()
    terms = TC(2.0, 3.0, 5.0, dataset_size=1000)(forward, 0)
    expected = (
        terms["nll"] + 2 * terms["mi"] + 3 * terms["tc"] + 5 * terms["dwkl"]
    )
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)


def test_exact_terms_on_an_enumerable_world():
    world = Aggregate(size=50)
    terms = TC(estimator="exact", dataset_size=50)(
        world.forward(np.arange(50)), 0
    )
    tc = world.log_qz(world.z) - world.log_prod_qz(world.z)
    np.testing.assert_allclose(terms["tc"], tc, rtol=1e-3, atol=1e-4)
    assert 0 < float(np.mean(terms["mi"])) < np.log(50)


def test_training_fills_in_the_size_of_the_data_set():
    assert TC().for_dataset(123).dataset_size == 123
    assert TC(dataset_size=5).for_dataset(123).dataset_size == 5


def test_without_a_size_it_says_what_is_missing():
    with pytest.raises(ValueError, match="dataset_size=None"):
        TC()(random_forward(), 0)


@pytest.mark.parametrize(
    "fields", [{"estimator": "MS"}, {"dataset_size": 0}, {"beta": -1}]
)
def test_bad_fields_are_refused(fields):
    with pytest.raises(ValueError, match="Received"):
        objectives.get("TC", **fields)


@pytest.mark.parametrize("estimator", ["MWS", "MSS"])
def test_gradient_by_finite_differences(estimator):
    rng = np.random.default_rng(3)
    start = rng.normal(size=[2, 5, 3]).astype("float32")  # mean, log_var
    noise = rng.normal(size=[5, 3]).astype("float32")
    x = np.ones([5, 2, 2, 1], "float32")
    objective = TC(2.0, 6.0, 0.5, estimator, dataset_size=100)

    def loss(codes):
        forward = forward_of(codes[0], codes[1], noise, x, x)
        return tf.reduce_mean(objective(forward, 0)["loss"])

    with tf.GradientTape() as tape:
        codes = tf.constant(start)
        tape.watch(codes)
        value = loss(codes)
    gradient = tape.gradient(value, codes).numpy()
    step = 1e-2
    for place in [(0, 1, 2), (1, 3, 0), (0, 4, 1)]:
        shift = np.zeros_like(start)
        shift[place] = step
        high, low = (float(loss(start + sign * shift)) for sign in (1, -1))
        assert gradient[place] == pytest.approx(
            (high - low) / (2 * step), rel=0.02, abs=0.01
        )
