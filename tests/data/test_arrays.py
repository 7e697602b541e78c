import numpy as np
import pytest

from tfvae.data import as_dataset
from tfvae.data import from_arrays

SHAPE = (5, 4, 6, 3)
IMAGES = np.random.default_rng(0).integers(0, 256, SHAPE, np.uint8)
# no full grid, values with gaps, rows 1 and 4 alike
FACTORS = [[0, 7], [3, 7], [0, 100], [3, 0], [3, 7]]


def test_uint8_images_stay_as_they_are():
    dataset = from_arrays(IMAGES)
    assert dataset.size == 5
    assert dataset.image_shape == (4, 6, 3)
    images = dataset.images([3, 0])
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES[[3, 0]])
    np.testing.assert_array_equal(
        dataset.floats(images), np.float32(IMAGES[[3, 0]]) / np.float32(255)
    )


def test_bool_images_are_black_and_white():
    dataset = from_arrays(IMAGES > 127)
    np.testing.assert_array_equal(
        dataset.images(np.arange(5)), np.where(IMAGES > 127, 255, 0)
    )


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_float_images_keep_steps_of_one_255th(dtype):
    dataset = from_arrays((IMAGES / 255).astype(dtype))
    images = dataset.images(np.arange(5))
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)


def test_floats_in_between_are_rounded():
    dataset = from_arrays(np.array([0, 0.25, 0.499, 1]).reshape(1, 2, 2))
    assert dataset.images([0]).ravel().tolist() == [0, 64, 127, 255]


def test_grey_images_need_no_channel_axis():
    dataset = from_arrays(IMAGES[..., 0])
    assert dataset.image_shape == (4, 6, 1)
    np.testing.assert_array_equal(dataset.images(np.arange(5)), IMAGES[..., :1])


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros([4, 6], np.uint8), r"shape=\(4, 6\)"),
        (np.zeros([2, 2, 4, 6, 3], np.uint8), r"shape=\(2, 2, 4, 6, 3\)"),
        (np.zeros([0, 4, 6, 3], np.uint8), r"shape=\(0, 4, 6, 3\)"),
        (np.zeros([2, 4, 6, 0], np.uint8), r"shape=\(2, 4, 6, 0\)"),
        (np.zeros(SHAPE, np.int64), "dtype=int64"),
        (np.full(SHAPE, "a"), "dtype=<U1"),
        (np.full(SHAPE, 1.01), "maximum=1.01"),
        (np.full(SHAPE, -0.01), "minimum=-0.01"),
        (np.where(IMAGES == IMAGES[0, 0, 0, 0], np.nan, 0.5), "minimum=nan"),
    ],
)
def test_bad_images_are_refused(images, message):
    with pytest.raises(ValueError, match=f"Received: .*{message}"):
        from_arrays(images)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_factors_may_take_any_values(dtype):
    dataset = from_arrays(IMAGES, np.array(FACTORS, dtype))
    assert dataset.factor_names == ("factor_0", "factor_1")
    assert dataset.factor_sizes == (4, 101)
    factors = dataset.factors([4, 2])
    assert factors.dtype == np.int64
    assert factors.tolist() == [[3, 7], [0, 100]]


def test_images_of_factors_are_the_first_that_have_them():
    dataset = from_arrays(IMAGES, FACTORS)
    np.testing.assert_array_equal(
        dataset.images_of([[3, 7], [0, 100], [3, 7]]), IMAGES[[1, 2, 1]]
    )


def test_images_of_factors_that_none_has():
    dataset = from_arrays(IMAGES, FACTORS)
    with pytest.raises(ValueError, match=r"Received: \(0, 0\)"):
        dataset.images_of([[3, 7], [0, 0]])


def test_a_data_set_stays_what_it_is_and_images_become_one():
    dataset = from_arrays(IMAGES, FACTORS)
    assert as_dataset(dataset) is dataset
    made = as_dataset(IMAGES)
    np.testing.assert_array_equal(made.images([3, 0]), IMAGES[[3, 0]])


def test_images_without_factors():
    dataset = from_arrays(IMAGES)
    assert dataset.factor_names is None
    assert dataset.factor_sizes is None
    for ask in (dataset.factors, dataset.images_of):
        with pytest.raises(ValueError, match="no ground-truth factors"):
            ask([0])


@pytest.mark.parametrize(
    "factors",
    [
        FACTORS[:4],
        [0, 1, 2, 3, 4],
        np.zeros([5, 2]),
        np.zeros([5, 2], bool),
        np.full([5, 2], -1),
    ],
)
def test_bad_factors_are_refused(factors):
    with pytest.raises(ValueError, match=r"integers >= 0 of shape \[5, K\]"):
        from_arrays(IMAGES, factors)
