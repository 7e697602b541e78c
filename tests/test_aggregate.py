import functools
import sys

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp

from tests import peak_memory
from tests.oracles import Aggregate
from tests.oracles import forward_of
from tfvae import aggregate
from tfvae.variational import Forward


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


def estimates_and_gradients(z, mean, stddev):
    """Both estimates and, of a mix of them, the gradients, in a list."""
    posterior = tfp.distributions.Independent(
        tfp.distributions.Normal(mean, stddev), 1
    )
    forward = Forward(None, z, posterior, None, None)
    with tf.GradientTape() as tape:
        tape.watch((z, mean, stddev))
        estimates = aggregate.log_aggregate_posterior(forward, "MSS", 50)
        mix = tf.reduce_sum(estimates[0] - 3 * estimates[1])
    return [*estimates, *tape.gradient(mix, (z, mean, stddev))]


def samples_and_posteriors(size: int, latent_dim: int = 2) -> list[tf.Tensor]:
    """z, means and standard deviations, `[size, latent_dim]`."""
    world = Aggregate(size, latent_dim)
    return [
        tf.constant(a, "float32") for a in (world.z, world.mean, world.stddev)
    ]


COMPILED = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": functools.partial(tf.function, jit_compile=True),
    "graph of any size": functools.partial(
        tf.function, input_signature=[tf.TensorSpec([None, 2])] * 3
    ),
}


@pytest.mark.parametrize("rows", [1, 5, 6, 11])  # of 12, in each block
@pytest.mark.parametrize("how", COMPILED)
def test_blocks_of_rows_change_nothing(rows, how, monkeypatch):
    arrays = samples_and_posteriors(12)
    whole = estimates_and_gradients(*arrays)
    monkeypatch.setattr(aggregate, "PAIRS_BUDGET", rows * 12 * 2 * 4)
    blocks = COMPILED[how](estimates_and_gradients)(*arrays)
    for value, expected in zip(blocks, whole, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("rows", "largest"), [(5, 5), (12, 12), (99, 12)])
def test_no_tensor_of_pairs_is_over_the_budget(rows, largest, monkeypatch):
    shapes, density = set(), aggregate.log_density_matrix

    def watched(*args):
        shapes.add(tuple(density(*args).shape))
        return density(*args)

    monkeypatch.setattr(aggregate, "log_density_matrix", watched)
    monkeypatch.setattr(aggregate, "PAIRS_BUDGET", rows * 12 * 2 * 4)
    estimates_and_gradients(*samples_and_posteriors(12))
    assert shapes == {(largest, 12, 2)}


def test_blocks_on_replicas_are_rows_of_the_global_batch(
    two_replicas, monkeypatch
):
    arrays = samples_and_posteriors(12)
    whole = estimates_and_gradients(*arrays)[:2]
    monkeypatch.setattr(aggregate, "PAIRS_BUDGET", 4 * 12 * 2 * 4)
    shares = [
        two_replicas.experimental_distribute_values_from_function(
            lambda context, array=array: tf.split(array, 2)[
                context.replica_id_in_sync_group
            ]
        )
        for array in arrays
    ]

    @tf.function
    def on_replicas():
        return two_replicas.run(
            lambda *arrays: estimates_and_gradients(*arrays)[:2], shares
        )

    for parts, expected in zip(on_replicas(), whole, strict=True):
        values = tf.concat(two_replicas.experimental_local_results(parts), 0)
        np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_a_share_of_no_images_has_no_estimates():
    z, mean, stddev = samples_and_posteriors(12)

    @tf.function(input_signature=[tf.TensorSpec([None, 2])])
    def estimate(z):
        log_weights = tf.zeros([tf.shape(z)[0], 12])
        return aggregate._in_blocks(z, log_weights, mean, stddev)

    for estimates in estimate(z[:0]):
        assert estimates.shape == (0,)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_gradient_keeps_no_block_in_memory():
    """Peaks of a process: blocks first, for a peak never falls again."""
    before, in_blocks, at_once = peak_memory.in_a_process()
    assert in_blocks - before < peak_memory.WHOLE
    assert at_once - before > 3 * peak_memory.WHOLE


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
