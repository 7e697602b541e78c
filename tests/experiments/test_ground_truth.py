import numpy as np
import pytest
import tensorflow as tf

import tfvae
from experiments.ground_truth import GroundTruthVAE
from experiments.ground_truth import factor_batches
from tfvae.data.factors import FactorGrid


class Corners(tfvae.data.Dataset):
    """A bright row and a bright column at each of 3 by 5 places."""

    image_shape = (32, 32, 1)
    grid = FactorGrid(("row", "column"), (3, 5))

    @property
    def stored(self):
        images = np.zeros([3, 5, 32, 32, 1], np.uint8)
        for row, column in np.ndindex(3, 5):
            images[row, column, row] = 255
            images[row, column, :, column] = 51
        return images.reshape(15, 32, 32, 1)


@pytest.fixture(scope="module")
def dataset():
    return Corners()


@pytest.fixture
def model(dataset):
    return GroundTruthVAE(dataset, objective="B")


def test_images_are_those_of_the_factors(model, dataset):
    factors = dataset.factors(np.arange(15))
    images = model.images_of(tf.constant(factors, tf.float32))
    expected = dataset.floats(dataset.images(np.arange(15)))
    np.testing.assert_array_equal(images, expected)


def test_codes_are_the_standardised_factors_times_w(model):
    [codes] = [
        layer for layer in model.encoder.layers if hasattr(layer, "weight")
    ]
    codes.weight.assign([2.0, 3.0])
    codes.log_stddev.assign([0.5, -1.0])
    mean, log_var = model.encode(tf.constant([[0.0, 2.0], [1.0, 4.0]]))
    # 0, 1, 2 have the mean 1 and the variance 2 / 3; 0 to 4 have 2 and 2
    expected = [[-2 / np.sqrt(2 / 3), 0], [0, 3 * 2 / np.sqrt(2)]]
    np.testing.assert_allclose(mean, expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(log_var, [[1, -2]] * 2)


def test_the_kl_over_the_grid_is_that_of_w_and_sigma(model, dataset):
    factors = dataset.factors(np.arange(15)).astype("float32")
    kl = model.infer(factors).latent_kl()
    # w = 1, sigma = 1: half of w^2
    np.testing.assert_allclose(np.mean(kl, axis=0), 0.5, rtol=1e-5)


def test_the_reconstruction_is_of_the_images(model, dataset):
    factors = tf.constant([[2.0, 3.0]])
    forward = model.infer(factors)
    np.testing.assert_array_equal(forward.x, model.images_of(factors))
    expected = -forward.likelihood.log_prob(model.images_of(factors))
    np.testing.assert_allclose(forward.nll(), expected)


def test_speed_makes_steps_longer_and_starts_at_the_same_place(dataset):
    means = []
    for speed in (1.0, 10.0):
        model = GroundTruthVAE(dataset, speed, objective="B")
        before = model.encode(tf.constant([[2.0, 4.0]]))[0].numpy()
        for variable in model.encoder.trainable_variables:
            variable.assign_add(0.001 * tf.ones_like(variable))
        mean, log_var = model.encode(tf.constant([[2.0, 4.0]]))
        np.testing.assert_allclose(log_var, 2 * 0.001 * speed, rtol=1e-5)
        means.append((before, mean.numpy() - before))
    (start, slow), (same, fast) = means
    np.testing.assert_allclose(start, same, rtol=1e-6)
    np.testing.assert_allclose(fast, 10 * slow, rtol=1e-3)


def test_an_epoch_has_every_combination_once(dataset):
    batches = [*factor_batches(dataset, 5, seed=0).take(6)]
    for epoch in (batches[:3], batches[3:]):
        values = np.concatenate(epoch).astype(int)
        assert sorted(dataset.grid.indices(values)) == [*range(15)]
    again = [*factor_batches(dataset, 5, seed=0).take(6)]
    np.testing.assert_array_equal(batches, again)
    assert (np.array(batches[:3]) != batches[3:]).any()


def test_the_noise_of_a_step_knows_nothing_of_its_factors(model, dataset):
    factors, noise = [], []
    batches = factor_batches(dataset, 1000, model.seed).take(5)
    for step, batch in enumerate(batches):
        forward = model.infer(batch, tf.constant([model.seed, step]))
        factors.append(batch)
        noise.append(forward.z - forward.posterior.mean())
    factors, noise = np.concatenate(factors), np.concatenate(noise)
    # bins of each noise, by each value of a factor: even in all
    for factor, size in enumerate(dataset.factor_sizes):
        for column in noise.T:
            below = column < np.quantile(column, [[0.25], [0.5], [0.75]])
            for value in range(size):
                shares = below[:, factors[:, factor] == value].mean(axis=1)
                np.testing.assert_allclose(shares, [0.25, 0.5, 0.75], atol=0.06)


def test_it_trains_all_its_weights(model):
    model.compile(optimizer="adam")
    before = [v.numpy() for v in model.trainable_variables]
    model.fit(
        factor_batches(model.dataset, 8, seed=0),
        steps_per_epoch=2,
        shuffle=False,
        verbose=0,
    )
    for old, new in zip(before, model.trainable_variables, strict=True):
        assert (old != new.numpy()).any()
    assert len(model.encoder.trainable_variables) == 2
