import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tests.oracles import random_forward
from tfvae.objectives.factor import Factor
from tfvae.objectives.factor import permute_dims

SEED = tf.constant([0, 1])


def values(variables):
    return [variable.numpy() for variable in variables]


def forward_with(z, companion):
    z = tf.constant(z, tf.float32)
    return random_forward()._replace(z=z, companion=companion)


def test_permuted_latents_keep_their_values_and_lose_their_company():
    z = np.tile(np.arange(1000.0)[:, None], [1, 3]).astype("float32")
    permuted = permute_dims(tf.constant(z), SEED).numpy()
    np.testing.assert_array_equal(np.sort(permuted, axis=0), z)
    correlation = np.corrcoef(permuted.T)
    assert np.abs(correlation[np.triu_indices(3, 1)]).max() < 0.1


def test_permuted_latents_are_a_function_of_the_seed():
    z = tf.reshape(tf.range(30.0), [10, 3])
    one, same, other = (permute_dims(z, seed) for seed in (SEED, SEED, [0, 2]))
    np.testing.assert_array_equal(one, same)
    assert np.any(one != other)


def test_the_loss_adds_gamma_times_the_log_ratio():
    objective = Factor(gamma=7)
    discriminator = objective.companion(3)
    forward = random_forward()._replace(companion=discriminator)
    terms = objective(forward, 0)
    share = tf.nn.softmax(discriminator(forward.z))[:, 0]
    ratio = np.log(share / (1 - share))
    np.testing.assert_allclose(terms["tc"], ratio, rtol=1e-3, atol=1e-5)
    expected = terms["nll"] + terms["kl"] + 7 * terms["tc"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-5)


def test_the_discriminator_finds_the_total_correlation():
    """Of two latents with correlation 0.9: -log(1 - 0.81) / 2."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    objective = Factor(discriminator_learning_rate=3e-4)
    discriminator = objective.companion(2)
    learn = tf.function(discriminator.learn)
    covariance = [[1, 0.9], [0.9, 1]]

    def draws(size):
        return rng.multivariate_normal([0, 0], covariance, size)

    for step in range(200):
        one, two = (forward_with(draws(256), None) for _ in range(2))
        learn(one, two, tf.constant(step), tf.stack([0, step]))
    seen = objective(forward_with(draws(6), discriminator), 0)
    assert seen["tc"].shape == (6,)
    logits = discriminator(draws(5000).astype("float32"))
    mean = float(np.mean(logits[:, 0] - logits[:, 1]))
    assert mean == pytest.approx(-np.log(1 - 0.81) / 2, abs=0.15)


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    model = tfvae.VAE((32, 32, 1), 4, objective="factor")
    model.compile(keras.optimizers.SGD(1e-3))
    return model


def images(count=8):
    rng = np.random.default_rng(0)
    return rng.integers(0, 2, [count, 32, 32, 1]).astype("float32")


def test_each_step_moves_its_own_weights_only(model):
    forward = model.infer(images(), seed=[0, 0])
    own = values(model.trainable_variables)
    before = values(model.companion.variables)
    model.companion.learn(forward, forward, tf.constant(0), SEED)
    for old, new in zip(own, values(model.trainable_variables), strict=True):
        np.testing.assert_array_equal(old, new)
    after = values(model.companion.variables)
    assert all(np.any(a != b) for a, b in zip(before, after, strict=True))


def test_the_encoder_learns_nothing_from_the_discriminators_step(model):
    """One `fit` step is plain gradient descent on the objective alone."""
    x = images()
    with tf.GradientTape() as tape:
        forward = model.infer(x[::2], seed=[0, 0])
        loss = tf.reduce_mean(model.objective(forward, 0)["loss"])
    gradients = tape.gradient(loss, model.trainable_variables)
    expected = [
        variable.numpy() - 1e-3 * gradient
        for variable, gradient in zip(
            model.trainable_variables, gradients, strict=True
        )
    ]
    model.fit(x, batch_size=8, shuffle=False, verbose=0)
    received = values(model.trainable_variables)
    for one, two in zip(expected, received, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)


def test_one_count_of_steps(model):
    model.fit(images(16), batch_size=8, verbose=0)
    assert model.optimizer.iterations == 2
    assert model.companion.optimizer.iterations == 2


def test_a_last_batch_of_one_image_has_none_for_the_discriminator(model):
    model.fit(images(9), batch_size=8, shuffle=False, verbose=0)
    for variable in model.variables:
        assert np.isfinite(variable.numpy()).all()


def test_one_image_cannot_be_shared():
    with pytest.raises(ValueError, match="batch_size=1"):
        Factor().for_dataset(100, batch_size=1)
