import numpy as np
import pytest

from tfvae.figures.tiles import tile


@pytest.mark.parametrize("channels, kept", [(1, 1), (3, 3), (5, 1)])
def test_images_lie_on_white_in_groups(channels, kept):
    images = np.random.default_rng(0).random([3, 2, 1, 8, channels]) / 2
    # rows 1 pixel high with gaps of 2 and 1, columns 8 wide with one of 2
    expected = np.ones([6, 18, kept])
    for row, top in enumerate([0, 3, 5]):
        for column, left in enumerate([0, 10]):
            image = images[row, column, 0, :, :kept]
            expected[top, left : left + 8] = image
    np.testing.assert_array_equal(tile(images, [1, 2], [1, 1]), expected)


def test_gaps_go_by_the_width():
    tiled = tile(np.zeros([1, 3, 2, 64, 1]), [1], [2, 1])
    assert np.flatnonzero(tiled[0, :, 0]).tolist() == [
        *range(64, 66),
        *range(130, 146),
    ]
