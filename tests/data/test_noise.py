import numpy as np
import pytest

from tfvae.data.noise import check_seed
from tfvae.data.noise import random_bytes

INDICES = np.array([7, 0, 123_456, 7])


def test_an_image_has_its_bytes_whatever_it_is_drawn_with():
    together = random_bytes(3, INDICES, 13)
    assert together.shape == (4, 13)
    assert together.dtype == np.uint8
    for index, row in zip(INDICES, together, strict=True):
        np.testing.assert_array_equal(
            random_bytes(3, np.array([index]), 13)[0], row
        )
    assert random_bytes(3, INDICES[:0], 13).shape == (0, 13)


def test_the_stream_is_that_of_philox_and_stays():
    """The first numbers of NumPy 2.1; a run is repeated with any other."""
    assert random_bytes(0, np.array([1]), 4).tolist() == [[118, 209, 161, 249]]


def test_images_and_seeds_have_bytes_of_their_own():
    rows = [random_bytes(seed, np.arange(50), 16) for seed in (0, 1)]
    assert len(np.unique(np.concatenate(rows), axis=0)) == 100


def test_bytes_are_uniform():
    counts = np.bincount(random_bytes(0, np.arange(200), 1280).ravel())
    # 1000 of each are expected, give or take 32
    assert counts.shape == (256,)
    assert counts.min() > 850 and counts.max() < 1150


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "0"])
def test_other_seeds_are_refused(seed):
    with pytest.raises(ValueError, match="Received: seed="):
        check_seed(seed)
