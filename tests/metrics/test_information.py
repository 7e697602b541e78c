import math

import numpy as np
import pytest

from tfvae.metrics import information

LN2 = math.log(2)


@pytest.mark.parametrize(
    "code, bins, expected",
    [
        ([0, 1, 2, 3], 4, [0, 1, 2, 3]),
        ([3, 0, 2, 1], 2, [1, 0, 1, 0]),
        # equal width, not equal counts
        ([0, 0.1, 0.2, 10], 2, [0, 0, 0, 1]),
        # an inner edge belongs to the bin above, the last edge to the last bin
        ([-1, 0, 1], 2, [0, 1, 1]),
        ([5, 5, 5], 20, [0, 0, 0]),
        ([0, 1], 20, [0, 19]),
    ],
)
def test_bins_of_equal_width(code, bins, expected):
    cut = information.discretize(np.array(code, float)[:, np.newaxis], bins)
    assert cut.dtype == np.int64
    assert cut.ravel().tolist() == expected


def test_each_code_is_cut_between_its_own_extremes():
    code = np.arange(10.0)
    codes = np.stack([code, 1000 * code - 7, -code], axis=1)
    cut = information.discretize(codes, bins=10)
    np.testing.assert_array_equal(cut, np.stack([code, code, 9 - code], axis=1))


def test_a_code_that_hardly_varies_is_cut():
    # less than 20 floats apart, as the mean of an unused latent may be
    code = np.array([0.5, np.nextafter(np.float32(0.5), np.float32(1))])
    codes = code.astype(np.float32)[:, np.newaxis]
    cut = information.discretize(codes, bins=20)
    assert cut[0, 0] <= cut[1, 0] < 20


@pytest.mark.parametrize(
    "values, expected",
    [
        ([4, 4, 4], 0),
        ([0, 1], LN2),
        ([0, 1, 2, 3], 2 * LN2),
        ([7, 0, 7, 7], 2 * LN2 - 0.75 * math.log(3)),
    ],
)
def test_entropy_by_hand(values, expected):
    assert information.entropy(np.array(values)) == pytest.approx(expected)


# all 12 pairs of a value of 3 and a value of 4
GRID = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)


def test_information_on_a_full_grid():
    codes = np.column_stack([GRID, GRID[:, 1] // 2, np.zeros(12, int)])
    np.testing.assert_allclose(
        information.mutual_information(codes, GRID),
        [[math.log(3), 0], [0, 2 * LN2], [0, LN2], [0, 0]],
        atol=1e-12,
    )


def test_information_through_a_noisy_channel():
    # a fair bit, flipped once in four
    bit = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    seen = np.array([0, 0, 0, 1, 1, 1, 1, 0])
    noise = information.entropy(np.array([0, 0, 0, 1]))
    [[value]] = information.mutual_information(seen[:, None], bit[:, None])
    assert value == pytest.approx(LN2 - noise)


def test_information_is_symmetric():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, [50, 2]), rng.integers(0, 3, [50, 4])
    np.testing.assert_allclose(
        information.mutual_information(a, b),
        information.mutual_information(b, a).T,
    )


@pytest.mark.parametrize("bins", [1, 0, -3])
def test_one_bin_tells_nothing_and_is_an_error(bins):
    with pytest.raises(ValueError, match=f"bins={bins}"):
        information.discretize(np.ones([3, 1]), bins)
