import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tests.oracles import random_forward
from tfvae.objectives.jacobian import Jacobian
from tfvae.objectives.jacobian import jacobian_norm


def exact_norms(decode, z):
    """From the whole Jacobian, image by image."""
    with tf.GradientTape() as tape:
        tape.watch(z)
        images = decode(z)
    jacobian = tape.batch_jacobian(images, z)
    axes = range(1, jacobian.shape.rank)
    return tf.reduce_sum(tf.abs(jacobian), axes)


@pytest.fixture(scope="module")
def decode():
    keras.utils.set_random_seed(0)
    return tfvae.VAE((32, 32, 1), 3).decode


def test_the_mean_over_as_many_steps_as_latents_is_the_norm(decode):
    z = tf.random.stateless_normal([4, 3], [0, 0])
    norms = [jacobian_norm(decode, z, step) for step in range(3)]
    expected = exact_norms(decode, z)
    np.testing.assert_allclose(np.mean(norms, 0), expected, rtol=1e-4)


def test_the_loss_adds_the_norm_at_its_price():
    terms = Jacobian(beta=2, sparsity=0.5)(random_forward(), 1)
    expected = terms["nll"] + 2 * terms["kl"] + 0.5 * terms["jacobian"]
    np.testing.assert_allclose(terms["loss"], expected, rtol=1e-6)


def test_its_gradient_is_that_of_the_whole_norm():
    """Of one latent there is nothing to choose from; compiled."""
    weight = tf.Variable([[2.0, -3.0]])
    z = tf.constant([[0.5], [1.0]])

    @tf.function
    def gradient():
        with tf.GradientTape() as tape:
            norm = jacobian_norm(lambda z: tf.sin(z @ weight), z, 0)
            norm = tf.reduce_sum(norm)
        return tape.gradient(norm, weight)

    angles = z.numpy() * [[2.0, -3.0]]
    # d/dw of |w cos(z w)|
    sign = np.sign([[2.0, -3.0]] * np.cos(angles))
    slope = np.cos(angles) - angles * np.sin(angles)
    expected = (sign * slope).sum(0, keepdims=True)
    np.testing.assert_allclose(gradient(), expected, rtol=1e-5)
