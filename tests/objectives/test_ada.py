import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tfvae.data.pairs import Pairs
from tfvae.objectives.ada import AdaGVAE
from tfvae.objectives.ada import AdaMLVAE

# latents 0 and 1 are alike in the two images of a pair, latent 2 is not
MEAN = [[0.0, 1.0, 5.0], [0.2, 1.0, -5.0]]
LOG_VAR = np.log([[1.0, 4.0, 1.0], [1.0, 1.0, 1.0]]).tolist()


def adapted(objective, mean=MEAN, log_var=LOG_VAR):
    results = objective.adapted(tf.constant(mean), tf.constant(log_var))
    return [result.numpy() for result in results]


def test_gvae_averages_means_and_variances_of_what_is_shared():
    mean, log_var = adapted(AdaGVAE())
    np.testing.assert_allclose(mean, [[0.1, 1, 5], [0.1, 1, -5]], rtol=1e-6)
    expected = [[1, 2.5, 1], [1, 2.5, 1]]
    np.testing.assert_allclose(np.exp(log_var), expected, rtol=1e-6)


def test_ml_vae_weighs_by_precision():
    mean, log_var = adapted(AdaMLVAE(), [[0.0, 1, 5], [0.2, 3, -5]])
    # precisions 1/4 and 1 of latent 1: (1 / 4 + 3) / (5 / 4)
    np.testing.assert_allclose(mean[:, 1], [2.6, 2.6], rtol=1e-6)
    np.testing.assert_allclose(np.exp(log_var)[:, 1], [1.6, 1.6], rtol=1e-6)
    np.testing.assert_allclose(mean[:, 2], [5, -5])


def test_the_threshold_is_the_middle_of_highest_and_lowest():
    """KL of unit Gaussians is d^2 / 2: 0, 2, 8; only those below 4."""
    mean = [[0.0, 0.0, 0.0], [0.0, 2.0, 4.0]]
    received, _ = adapted(AdaGVAE(), mean, np.zeros([2, 3], "float32"))
    np.testing.assert_allclose(received, [[0, 1, 0], [0, 1, 4]])


def test_pairs_do_not_meet_others_and_one_alone_stays():
    mean = np.array([*MEAN, [9.0, 9, 9], [9, 9, 0], [7, 7, 7]], "float32")
    received, _ = adapted(AdaGVAE(), mean, np.zeros([5, 3], "float32"))
    np.testing.assert_allclose(received[2:4, :2], 9)
    np.testing.assert_allclose(received[2:4, 2], [9, 0])
    np.testing.assert_allclose(received[4], 7)


def test_two_of_the_same_image_are_the_vae():
    mean = np.repeat([[1.0, -2.0]], 2, axis=0).astype("float32")
    received, _ = adapted(AdaGVAE(), mean, np.zeros([2, 2], "float32"))
    np.testing.assert_array_equal(received, mean)


def test_gradients_reach_both_images():
    mean, log_var = tf.Variable(MEAN), tf.Variable(LOG_VAR)
    for objective in (AdaGVAE(), AdaMLVAE()):
        with tf.GradientTape() as tape:
            common, _ = objective.adapted(mean, log_var)
            first = common[0, 0]
        gradient = tape.gradient(first, mean).numpy()
        np.testing.assert_allclose(gradient[:, 0], [0.5, 0.5], rtol=1e-6)


@pytest.fixture(scope="module")
def sprites():
    return tfvae.data.load("dsprites")


@pytest.mark.parametrize("changed", [1, 2, 5])
def test_pairs_differ_in_as_many_factors_as_asked(sprites, changed):
    pairs = Pairs(sprites, changed)
    factors = pairs.factors(pairs.batch_indices(2000, seed=0, step=3))
    differ = (factors[::2] != factors[1::2]).sum(1)
    assert differ.max() == changed
    # each of the changed ones keeps its value with probability 1 / size
    kept = np.mean([1 / size for size in sprites.factor_sizes])
    assert differ.mean() == pytest.approx(changed * (1 - kept), abs=0.15)


def test_a_batch_shows_the_images_of_its_pairs(sprites):
    pairs = Pairs(sprites, 1)
    [batch] = pairs.batches(6, seed=1, start_step=4).take(1)
    expected = sprites.images(pairs.batch_indices(6, seed=1, step=4))
    np.testing.assert_array_equal(batch, sprites.floats(expected))
    first = sprites.batch_indices(3, seed=1, step=4)
    np.testing.assert_array_equal(pairs.batch_indices(6, 1, 4)[::2], first)


def test_the_encoder_alone_is_not_adapted(sprites):
    model = tfvae.VAE((64, 64, 1), objective="ada-GVAE")
    images = sprites.floats(sprites.images([0, 700_000]))
    plain = model.infer(images, seed=[0, 0])
    trained = model.infer(images, seed=[0, 0], training=True)
    np.testing.assert_array_equal(
        plain.posterior.mean(), model.encode(images)[0]
    )
    assert np.any(trained.posterior.mean() != plain.posterior.mean())


def test_without_a_grid_there_are_no_pairs():
    images = np.zeros([4, 32, 32], np.uint8)
    with pytest.raises(ValueError, match="full grid.*Received: dataset="):
        AdaGVAE().seen(tfvae.data.from_arrays(images))


@pytest.mark.parametrize("changed", [0, 6])
def test_an_impossible_number_of_changes(sprites, changed):
    with pytest.raises(ValueError, match=f"changed={changed}"):
        AdaGVAE(changed=changed).seen(sprites)


def test_an_odd_batch_is_refused(sprites):
    with pytest.raises(ValueError, match="batch_size=63"):
        AdaGVAE().for_dataset(100, batch_size=63)
    with pytest.raises(ValueError, match="batch_size=3"):
        Pairs(sprites, 1).batch_indices(3, 0, 0)
