import numpy as np
import pytest

import tfvae
from tfvae.data import dsprites

INDICES = np.array([7, 2, 2, 9, 0])


@pytest.mark.parametrize("batch_size", [1, 2, 5, 100])
def test_images_come_in_the_order_given(batch_size):
    index = np.arange(10, dtype=np.uint8)[:, None, None]
    dataset = tfvae.data.from_arrays(np.tile(index, (1, 2, 3)))
    batches = list(dataset.in_order(INDICES, batch_size))
    assert {len(batch) for batch in batches[:-1]} <= {batch_size}
    images = np.concatenate(batches)
    assert images.shape == (5, 2, 3, 1)
    np.testing.assert_allclose(images[:, 0, 0, 0] * 255, INDICES, rtol=1e-6)


def test_packed_images_are_unpacked():
    dataset = tfvae.data.load("dsprites")
    [images] = dataset.in_order([5, 700_000], batch_size=2)
    np.testing.assert_array_equal(images, dataset.images([5, 700_000]))


# === Symmetric factors of dSprites ===


def test_views_that_look_alike_are_one_value():
    factors = np.array([[2, 5, 39, 3, 4], [2, 5, 0, 3, 4]])
    images = dsprites.render(factors)
    np.testing.assert_array_equal(*images)
    np.testing.assert_array_equal(*dsprites.symmetric(factors))


@pytest.mark.parametrize("shape, values", [(0, 10), (1, 20), (2, 39)])
def test_how_many_orientations_are_left(shape, values):
    factors = np.zeros([40, 5], np.int64)
    factors[:, 0], factors[:, 2] = shape, np.arange(40)
    left = dsprites.symmetric(factors)
    assert sorted(set(left[:, 2])) == list(range(values))
    np.testing.assert_array_equal(
        left[:, [0, 1, 3, 4]], factors[:, [0, 1, 3, 4]]
    )


def test_half_a_turn_of_an_ellipse_is_within_a_step():
    # 39 steps a turn: 19.5 are half of one
    for start in range(20):
        ends = dsprites.symmetric(
            np.array([[1, 0, start, 0, 0], [1, 0, (start + 20) % 40, 0, 0]])
        )[:, 2]
        assert abs(ends[0] - ends[1]) in (0, 1, 19)


def test_the_given_factors_stay():
    factors = np.array([[0, 0, 39, 0, 0]])
    dsprites.symmetric(factors)
    assert factors[0, 2] == 39


def test_a_set_without_known_symmetries_says_so():
    dataset = tfvae.data.from_arrays(np.zeros([3, 32, 32], np.uint8))
    with pytest.raises(ValueError, match="symmetries"):
        dataset.symmetric_factors([0])
