import json

import keras
import numpy as np
import pytest

import tfvae
from tfvae import evaluation

SHAPE = (32, 32, 1)


@pytest.fixture(scope="module")
def bars():
    """A vertical bar in one of eight columns, a horizontal one in a row."""
    factors = np.stack(np.unravel_index(np.arange(64), (8, 8)), 1)
    images = np.zeros([64, *SHAPE], np.uint8)
    for image, (column, row) in zip(images, factors, strict=True):
        image[:, 4 * column : 4 * column + 4] = 255
        image[4 * row : 4 * row + 4] = 255
    return tfvae.data.from_arrays(images, factors)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return tfvae.VAE(SHAPE, latent_dim=3)


@pytest.fixture(scope="module")
def measured(model, bars):
    return evaluation.measure(model, bars, images=50)


def test_numbers_are_those_of_the_model(model, bars, measured):
    indices = np.random.default_rng(0).permutation(64)[:50]
    forward = model.infer(bars.floats(bars.images(indices)), seed=[0, 0])
    assert measured["images"] == 50
    assert measured["nll"] == pytest.approx(np.mean(forward.nll()), rel=1e-5)
    assert measured["kl"] == pytest.approx(np.mean(forward.kl()), rel=1e-4)
    assert measured["kl"] == pytest.approx(sum(measured["latent_kl"]), rel=1e-5)
    scores = tfvae.metrics.mig(
        forward.posterior.mean().numpy(), bars.factors(indices)
    )
    assert measured["mig"] == pytest.approx(scores["mig"], abs=1e-6)


def test_only_latents_above_a_tenth_of_a_nat_are_active(measured):
    assert measured["active"] == [
        latent for latent, kl in enumerate(measured["latent_kl"]) if kl > 0.1
    ]


def test_measuring_repeats_itself(model, bars, measured):
    assert evaluation.measure(model, bars, images=50) == measured


def test_it_goes_into_json(measured):
    assert json.loads(json.dumps(measured)) == measured


def test_without_ground_truth_there_is_no_mig(model, bars):
    unknown = tfvae.data.from_arrays(bars.images(np.arange(20)))
    measured = evaluation.measure(model, unknown)
    assert measured["images"] == 20
    assert "mig" not in measured
    assert "MIG" not in evaluation.describe(measured)


def test_one_latent_has_no_gap_but_a_meaning(bars):
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(SHAPE, latent_dim=1)
    measured = evaluation.measure(model, bars)
    assert "mig" not in measured
    assert set(measured["encodes"]) == {str(j) for j in measured["active"]}


def test_factors_that_never_vary_say_nothing(model, bars):
    images = bars.images(np.arange(20))
    constant = tfvae.data.from_arrays(images, np.ones([20, 2], int))
    measured = evaluation.measure(model, constant)
    assert "mig" not in measured and "encodes" not in measured


def test_the_summary_names_what_each_latent_does():
    text = evaluation.describe(
        {
            "images": 10_000,
            "nll": 101.26,
            "kl": 4.0,
            "latent_kl": [1.0, 0.0, 3.0],
            "active": [0, 2],
            "mig": 0.4,
            "mig_estimator": "binned",
            "gaps": {"posX": 0.5, "posY": 0.3},
            "encodes": {
                "0": {"factor": "posY", "share": 0.5},
                "2": {"factor": "posX", "share": 0.75},
            },
        }
    )
    assert text.splitlines() == [
        "Over 10,000 images: KL 4.0 nats, reconstruction 101.3 nats, "
        "2 of 3 latents active.",
        "MIG 0.400 (binned): posX 0.50, posY 0.30.",
        "  z2: 3.00 nats, knows 75% of posX",
        "  z0: 1.00 nats, knows 50% of posY",
    ]
