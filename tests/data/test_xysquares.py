import numpy as np
import pytest

from tfvae import data
from tfvae.data.xysquares import render

RNG = np.random.default_rng(0)
FACTORS = RNG.integers(0, 8, [20, 6])


@pytest.mark.parametrize("spacing", range(1, 9))
def test_each_colour_is_a_square_where_its_factors_say(spacing):
    # the 8 places and the last square are centred in 64 pixels
    margin = (64 - (7 * spacing + 8)) // 2
    for image, factors in zip(
        render(FACTORS, spacing), FACTORS.reshape(-1, 3, 2), strict=True
    ):
        expected = np.zeros([64, 64, 3], np.uint8)
        for colour, (x, y) in enumerate(margin + spacing * factors):
            expected[y : y + 8, x : x + 8, colour] = 255
        np.testing.assert_array_equal(image, expected)


def test_all_other_places_are_equally_far_unless_they_overlap():
    line = np.zeros([8, 6], int)
    line[:, 0] = range(8)  # red moves to the right
    for spacing, lit in ((8, [128] * 7), (2, [32, 64, 96, 128, 128, 128, 128])):
        images = render(line, spacing) > 0
        moved = (images[1:] != images[0]).sum(axis=(1, 2, 3))
        assert moved.tolist() == lit


def test_what_the_data_set_says_of_itself():
    dataset = data.load("xysquares")
    assert dataset.size == 8**6
    assert dataset.factor_names == ("x_R", "y_R", "x_G", "y_G", "x_B", "y_B")
    assert dataset.factor_sizes == (8,) * 6
    indices = dataset.grid.indices(FACTORS)
    np.testing.assert_array_equal(dataset.images(indices), render(FACTORS))
    np.testing.assert_array_equal(dataset.images_of(FACTORS), render(FACTORS))
    [batch] = dataset.batches(4, seed=0).take(1)
    assert np.unique(batch).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("spacing", "wanted"),
    [(0, "in 1...8"), (9, "in 1...8"), (1.5, "type int"), ("8", "type int")],
)
def test_other_spacings_are_refused(spacing, wanted):
    with pytest.raises(ValueError, match=f"{wanted}. Received: spacing="):
        data.load("xysquares", spacing=spacing)


def test_other_factors_are_refused():
    with pytest.raises(ValueError, match="`x_R` must be in 0...7"):
        render([[8, 0, 0, 0, 0, 0]])
