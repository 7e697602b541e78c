import hashlib

import numpy as np
import pytest

from tfvae.data import dsprites
from tfvae.data import pipeline
from tfvae.data.dsprites import DSprites
from tfvae.data.dsprites import render

RANDOM = DSprites.grid.factors(
    np.random.default_rng(0).integers(0, 737_280, 300)
)


@pytest.fixture(scope="module")
def dataset():
    return DSprites()


def test_lit_pixels_of_each_shape(dataset):
    lit = np.bitwise_count(dataset.stored).reshape(3, -1).sum(1, np.int64)
    # Matthey et al. (2017) as published has 128,328,862, two fewer
    assert lit.sum() == 128_328_864
    assert lit.tolist() == [53_612_886, 42_070_950, 32_645_028]


def test_checksum_of_all_pixels(dataset):
    digest = hashlib.sha256()
    for packed in np.split(dataset.stored, 1440):
        digest.update(dsprites.unpack(packed).numpy())
    assert digest.hexdigest() == (
        "2c612e5234d21c2b576c375ebe1faa1b363ab97d340164c5d2dcf27f35dd5eb6"
    )


def test_nothing_is_lit_near_the_border(dataset):
    ever_lit = np.bitwise_or.reduce(dataset.stored, axis=0)[np.newaxis]
    rows, columns = dsprites.unpack(ever_lit).numpy()[0, ..., 0].nonzero()
    assert (rows.min(), rows.max()) == (2, 61)
    assert (columns.min(), columns.max()) == (2, 61)


def test_the_last_orientation_is_the_first(dataset):
    by_factor = dataset.stored.reshape(*dataset.factor_sizes, -1)
    np.testing.assert_array_equal(by_factor[:, :, 39], by_factor[:, :, 0])
    assert np.any(by_factor[:, :, 38] != by_factor[:, :, 0])


def test_rendered_images_are_those_of_the_whole_set(dataset):
    images = render(RANDOM)
    assert images.dtype == np.uint8
    assert images.shape == (300, 64, 64, 1)
    np.testing.assert_array_equal(images, dataset.images_of(RANDOM))


def test_what_the_data_set_says_of_itself(dataset):
    assert dataset.size == 737_280
    assert dataset.image_shape == (64, 64, 1)
    assert dataset.factor_sizes == (3, 6, 40, 32, 32)
    assert dataset.factor_names == (
        "shape",
        "scale",
        "orientation",
        "posX",
        "posY",
    )


@pytest.mark.parametrize(
    "index, factors",
    [
        (1, [0, 0, 0, 0, 1]),
        (32, [0, 0, 0, 1, 0]),
        (32 * 32, [0, 0, 1, 0, 0]),
        (40 * 32 * 32, [0, 1, 0, 0, 0]),
        (6 * 40 * 32 * 32, [1, 0, 0, 0, 0]),
        (737_279, [2, 5, 39, 31, 31]),
    ],
)
def test_order_of_the_factors(dataset, index, factors):
    assert dataset.factors([index]).tolist() == [factors]
    np.testing.assert_array_equal(dataset.images([index]), render([factors]))


def test_batches_are_the_images_as_0_and_1(dataset):
    [batch] = dataset.batches(16, seed=0, start_step=9).take(1)
    indices = pipeline.batch_indices(737_280, 16, seed=0, step=9)
    np.testing.assert_array_equal(batch, dataset.images(indices))


def test_bits_are_unpacked_from_the_lowest():
    packed = np.random.default_rng(0).integers(0, 256, [3, 64, 8], np.uint8)
    np.testing.assert_array_equal(
        dsprites.unpack(packed).numpy()[..., 0],
        np.unpackbits(packed, axis=-1, bitorder="little"),
    )


def test_the_upright_square_is_a_box():
    places = np.stack(np.meshgrid(range(32), range(32)), -1).reshape(-1, 2)
    factors = np.pad(places, [(0, 0), (3, 0)])
    factors[:, 1] = 5
    centres = 16 + 32 * places / 31
    x_inside, y_inside = (
        np.abs(np.arange(64) + 0.5 - centres.T[..., np.newaxis]) < 9.6
    )
    np.testing.assert_array_equal(
        render(factors)[..., 0],
        y_inside[:, :, np.newaxis] & x_inside[:, np.newaxis, :],
    )


@pytest.mark.parametrize("shape", [0, 1, 2])
def test_larger_positions_are_further_right_and_lower(shape):
    def corner(pos_x, pos_y):
        [image] = render([[shape, 3, 7, pos_x, pos_y]])
        rows, columns, _ = image.nonzero()
        return columns.min(), rows.min()

    left, top = corner(0, 0)
    # 31 steps are 32 pixels
    assert corner(31, 0) == (left + 32, top)
    assert corner(0, 31) == (left, top + 32)


def test_the_heart_stands_on_its_tip():
    rows = render([[2, 5, 0, 16, 16]])[0, ..., 0].sum(axis=1, dtype=int)
    widths = rows[rows > 0]
    assert widths[-1] < 3
    assert widths.argmax() < len(widths) / 2


def test_orientation_turns_counter_clockwise():
    # a long ellipse turned by 5/39 of a circle, 46 degrees, climbs to the right
    rows, columns = render([[1, 5, 5, 16, 16]])[0, ..., 0].nonzero()
    assert np.corrcoef(columns, -rows)[0, 1] > 0.5


@pytest.mark.parametrize(
    "factors, message",
    [
        ([[3, 0, 0, 0, 0]], "`shape` must be in 0...2"),
        ([[0, 0, 40, 0, 0]], "`orientation` must be in 0...39"),
        ([[0, 0, 0, 0, -1]], "`posY` must be in 0...31"),
        ([[0, 0, 0, 0]], r"shape=\(1, 4\)"),
        ([0, 0, 0, 0, 0], r"shape=\(5,\)"),
        ([[0.0, 0.0, 0.0, 0.5, 0.5]], "dtype=float64"),
    ],
)
def test_bad_factors_are_refused(factors, message):
    with pytest.raises(ValueError, match=message):
        render(factors)
