"""Colour and noisy dSprites."""

import numpy as np
import pytest

from tfvae import data
from tfvae.data import dsprites

INDICES = np.random.default_rng(0).integers(0, 737_280, 64)
SPRITES = dsprites.render(dsprites.GRID.factors(INDICES))
VARIANTS = ("color_dsprites", "noisy_dsprites")


pytestmark = pytest.mark.usefixtures("sprites_drawn_once")


def test_a_sprite_has_one_colour_and_the_rest_is_black():
    images = data.load("color_dsprites").images(INDICES)
    lit = SPRITES[..., 0] == 1
    assert (images[~lit] == 0).all()
    for image, inside in zip(images, lit, strict=True):
        [colour] = np.unique(image[inside], axis=0)
        assert (colour >= 128).all()


def test_colours_fill_their_range_and_channels_differ():
    images = data.load("color_dsprites").images(np.arange(2000))
    colours = images.max(axis=(1, 2)).astype(float)
    # uniform on 128...255: mean 191.5, deviation 37
    np.testing.assert_allclose(colours.mean(0), 191.5, atol=4)
    np.testing.assert_allclose(colours.std(0), 37, atol=2)
    assert abs(np.corrcoef(colours.T)[[0, 0, 1], [1, 2, 2]]).max() < 0.1


def test_the_sprite_is_white_and_all_else_is_noise():
    images = data.load("noisy_dsprites").images(INDICES)
    lit = SPRITES[..., 0] == 1
    assert (images[lit] == 255).all()
    noise = images[~lit].astype(float)
    # uniform on 0...255: mean 127.5, deviation 73.9
    np.testing.assert_allclose(noise.mean(0), 127.5, atol=1)
    np.testing.assert_allclose(noise.std(0), 73.9, atol=1)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.02


@pytest.mark.parametrize("name", VARIANTS)
def test_an_image_is_a_function_of_seed_and_index(name):
    dataset = data.load(name)
    images = dataset.images(INDICES)
    again = data.load(name)
    np.testing.assert_array_equal(again.images(INDICES[::-1])[::-1], images)
    other = data.load(name, seed=1).images(INDICES)
    assert (other != images).any(axis=(1, 2, 3)).all()


@pytest.mark.parametrize("name", VARIANTS)
def test_batches_go_on_as_if_never_stopped(name):
    dataset = data.load(name)
    whole = [*dataset.batches(8, seed=0).take(3)]
    [third] = dataset.batches(8, seed=0, start_step=2).take(1)
    np.testing.assert_array_equal(third, whole[2])
    assert third.shape == (8, 64, 64, 3)
    assert whole[0].numpy().max() <= 1


@pytest.mark.parametrize("name", VARIANTS)
def test_factors_are_those_of_dsprites(name):
    dataset = data.load(name)
    factors = dsprites.GRID.factors(INDICES)
    assert dataset.size == 737_280
    np.testing.assert_array_equal(dataset.factors(INDICES), factors)
    np.testing.assert_array_equal(
        dataset.images_of(factors), dataset.images(INDICES)
    )
    np.testing.assert_array_equal(
        dataset.symmetric_factors(INDICES), dsprites.symmetric(factors)
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_other_seeds_are_refused(name):
    with pytest.raises(ValueError, match="Received: seed=-1"):
        data.load(name, seed=-1)
