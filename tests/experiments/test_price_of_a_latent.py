import numpy as np
import pytest
import tensorflow as tf

import tfvae
from experiments import price_of_a_latent
from experiments.price_of_a_latent import opening_gain

SEED = tf.constant([0, 1])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_gain_of_a_linear_decoder_is_its_signal_to_noise(rng):
    # g = -3 f_0 in a direction whose Fisher information is 4: (3 / 2)^2
    features = rng.standard_normal([50_000, 2])
    gradients = rng.standard_normal([50_000, 3])
    gradients[:, 1] -= 3 * features[:, 0]
    fisher = 2 * rng.standard_normal([50_000, 3])
    gain = opening_gain(features, gradients, fisher)
    assert gain == pytest.approx(2.25, rel=0.03)


def test_where_there_is_nothing_to_gain_the_gain_is_nothing(rng):
    features, fisher = rng.standard_normal([2, 2000, 100])
    gradients = 3 * rng.standard_normal([2000, 100])
    assert opening_gain(features, gradients, fisher) < 0.1


def test_the_gain_knows_no_units_and_no_means(rng):
    features = rng.standard_normal([1000, 2])
    gradients, fisher = rng.standard_normal([2, 1000, 3])
    f, g = rng.standard_normal([2, 2]), rng.standard_normal([3, 3])
    gain = opening_gain(features, gradients, fisher)
    other = opening_gain(features @ f + 7, gradients @ g, fisher @ g)
    assert other == pytest.approx(gain)


def probed(network: str, likelihood: str, policy: str):
    model = tfvae.VAE(
        (32, 32, 1), 3, network, likelihood, objective="B", dtype=policy
    )
    model.compile(optimizer="adam")
    return model, price_of_a_latent.Probe(model)


CASES = [
    *((network, "bernoulli", "float32") for network in tfvae.networks.names()),
    ("burgess2018", "sigma_gaussian", "float32"),
    ("burgess2018", "bernoulli", "mixed_bfloat16"),
]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_cut_at_the_first_layer_the_model_is_the_same(case, rng):
    model, probe = probed(*case)
    x = rng.random([4, 32, 32, 1]).astype("float32")
    forward = model.infer(x, SEED)
    h = tf.matmul(forward.z, probe.dense.kernel) + probe.dense.bias
    nll = -probe.likelihood(h).log_prob(x)
    np.testing.assert_allclose(nll, forward.nll(), rtol=1e-2)
    mean = model.encoder.get_layer("mean")(probe.features(x))
    np.testing.assert_allclose(mean, model.encode(x)[0], rtol=1e-2, atol=1e-2)


def test_gain_pull_and_push_of_a_model(monkeypatch):
    monkeypatch.setattr(price_of_a_latent, "IMAGES", 1000)
    model, _ = probed("burgess2018", "bernoulli", "float32")
    images = np.random.default_rng(0).integers(0, 2, [64, 32, 32])
    dataset = tfvae.data.from_arrays((255 * images).astype("uint8"))
    seen = price_of_a_latent.measure(model, dataset, batch_size=8)
    assert all(0 < value < np.inf for value in seen.values())
    # gamma is 1000, and the KL of a new model is above C = 0
    x = next(iter(dataset.batches(8, seed=6)))
    with tf.GradientTape() as tape:
        kl = 1000 * tf.reduce_mean(model.infer(x, SEED).kl())
    gradients = tape.gradient(kl, model.encoder.trainable_variables)
    push = float(tf.linalg.global_norm(gradients))
    assert seen["push"] == pytest.approx(push, rel=0.3)
