import numpy as np
import pytest

import tfvae
from experiments import mean_image
from experiments.mean_image import constant_nll


@pytest.fixture
def images():
    return (np.random.default_rng(0).random([25, 32, 32, 1]) < 0.2).astype(
        "float32"
    )


def test_the_mean_image_is_the_mean_whatever_the_chunks(images, monkeypatch):
    dataset = tfvae.data.from_arrays(images)
    for chunk in (7, 25, 100):
        monkeypatch.setattr(mean_image, "CHUNK", chunk)
        mean = mean_image.mean_image(dataset)
        np.testing.assert_allclose(mean, images.mean(axis=0), rtol=1e-6)


def test_nll_of_a_constant_image_by_hand():
    # a pixel that is on in one of four images, drawn with probability 1/4, and
    # one that is always on: (log 4 + 3 log 4/3) / 4
    images = np.reshape([1, 1, 0, 1, 0, 1, 0, 1], [4, 1, 2, 1])
    constant = np.reshape([0.25, 1.0], [1, 2, 1])
    expected = (np.log(4) + 3 * np.log(4 / 3)) / 4
    assert constant_nll(images, constant) == pytest.approx(expected)


def test_no_constant_image_does_better_than_the_mean(images):
    mean = images.mean(axis=0)
    best = constant_nll(images, mean)
    for other in (0.9 * mean, mean + 0.01, np.roll(mean, 1)):
        assert constant_nll(images, other) > best
