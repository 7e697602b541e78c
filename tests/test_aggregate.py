import numpy as np
import pytest
import tensorflow as tf

from tests.oracles import Aggregate
from tests.oracles import forward_of
from tfvae import aggregate


@pytest.mark.parametrize("batch_size", [2, 3, 8])
def test_stratified_weights_are_those_of_the_paper(batch_size):
    size, others = 100, batch_size - 1
    weights = np.exp(aggregate.stratified_log_weights(batch_size, size))
    np.testing.assert_allclose(np.diag(weights), 1 / size, rtol=1e-5)
    np.testing.assert_allclose(weights.sum(1), 1.0, rtol=1e-5)
    neighbour = weights[
        np.arange(batch_size), (np.arange(batch_size) + 1) % batch_size
    ]
    np.testing.assert_allclose(
        neighbour, (size - others) / (size * others), rtol=1e-5
    )


def test_stratified_weights_of_the_others_are_equal():
    weights = np.exp(aggregate.stratified_log_weights(5, 100))
    rest = weights[0, [2, 3, 4]]
    np.testing.assert_allclose(rest, 1 / 4, rtol=1e-5)


def misplaced_log_weights(batch_size, dataset_size):
    """The variant of public packages: 1/N in column 0, not on the diagonal."""
    others = batch_size - 1
    weights = np.full([batch_size, batch_size], 1 / others)
    weights.reshape(-1)[::batch_size] = 1 / dataset_size
    weights.reshape(-1)[1::batch_size] = (dataset_size - others) / (
        dataset_size * others
    )
    weights[others - 1, 0] = (dataset_size - others) / (dataset_size * others)
    return np.log(weights)


def bias_of_each_image(log_weights) -> np.ndarray:
    """Relative, of the mean estimate of q(z_i) over random minibatches: [N]."""
    world, rng = Aggregate(size=50), np.random.default_rng(1)
    density = np.exp(world.log_density(world.z).sum(2))  # [N, N]
    weights = np.exp(log_weights(5, world.size))
    estimates = np.zeros(world.size)
    draws = np.zeros(world.size)
    for _ in range(50_000):
        rows = rng.choice(world.size, 5, replace=False)
        block = density[np.ix_(rows, rows)]
        estimates[rows] += (weights * block).sum(1)
        draws[rows] += 1
    exact = np.exp(world.log_qz(world.z))
    return estimates / draws / exact - 1


def test_stratified_estimate_of_q_is_unbiased_at_every_image():
    bias = bias_of_each_image(aggregate.stratified_log_weights)
    assert np.abs(bias).max() < 0.1
    assert abs(bias.mean()) < 0.01


def test_misplaced_weights_would_be_found():
    assert np.abs(bias_of_each_image(misplaced_log_weights)).max() > 0.5


def test_identical_posteriors_have_tc_of_d_minus_1_log_n_under_mws():
    batch_size, latent_dim, size = 8, 4, 1000
    mean = np.zeros([batch_size, latent_dim], "float32")
    noise = np.random.default_rng(0).normal(size=mean.shape).astype("float32")
    x = np.zeros([batch_size, 2, 2, 1], "float32")
    forward = forward_of(mean, mean, noise, x, x)
    log_qz, log_prod_qz = aggregate.log_aggregate_posterior(
        forward, "MWS", size
    )
    np.testing.assert_allclose(
        log_qz - log_prod_qz, (latent_dim - 1) * np.log(size), rtol=1e-4
    )


def test_exact_estimator_on_the_whole_set_is_exact():
    world = Aggregate(size=50)
    log_qz, log_prod_qz = aggregate.log_aggregate_posterior(
        world.forward(np.arange(50)), "exact", 50
    )
    np.testing.assert_allclose(log_qz, world.log_qz(world.z), rtol=1e-4)
    np.testing.assert_allclose(
        log_prod_qz, world.log_prod_qz(world.z), rtol=1e-4
    )


def test_weights_apply_once_to_the_joint_not_once_a_dimension():
    world = Aggregate(size=50)
    rows = np.arange(5)
    log_qz, _ = aggregate.log_aggregate_posterior(
        world.forward(rows), "MSS", 50
    )
    weights = np.exp(aggregate.stratified_log_weights(5, 50))
    density = np.exp(world.log_density(world.z[rows])[:, rows].sum(2))
    np.testing.assert_allclose(
        log_qz, np.log((weights * density).sum(1)), rtol=1e-4
    )


def test_compiled_equals_eager():
    world = Aggregate(size=50)
    forward = world.forward(np.arange(6))

    def estimate():
        return aggregate.log_aggregate_posterior(forward, "MSS", 50)

    for eager, compiled in zip(
        estimate(), tf.function(estimate)(), strict=True
    ):
        np.testing.assert_allclose(eager, compiled, rtol=1e-5)


def test_unknown_estimator_names_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'MSS'"):
        aggregate.check_estimator("MSSS")


@pytest.mark.parametrize(("batch_size", "size"), [(1, 100), (11, 10)])
def test_stratified_sampling_needs_a_batch_within_the_data_set(
    batch_size, size
):
    with pytest.raises(ValueError, match=f"batch_size={batch_size}"):
        aggregate.check_batch_size("MSS", batch_size, size)
    aggregate.check_batch_size("MWS", batch_size, size)
