import numpy as np
import pytest

from tests.figures.cutting import cut
from tests.figures.cutting import row_labels
from tfvae.figures import reconstructions

COUNT, HEIGHT, WIDTH = 4, 5, 6
RNG = np.random.default_rng(0)
IMAGES = RNG.random([COUNT, HEIGHT, WIDTH, 3])


def shown(figure):
    return cut(figure, [3], [COUNT], (HEIGHT, WIDTH))


def test_rows_are_images_and_reconstructions():
    reconstructed = RNG.random(IMAGES.shape)
    figure = reconstructions(IMAGES, reconstructed)
    np.testing.assert_array_equal(shown(figure)[0], IMAGES)
    np.testing.assert_array_equal(shown(figure)[1], reconstructed)


@pytest.mark.parametrize("channels", [1, 3])
def test_small_differences_are_seen_and_the_scale_is_told(channels):
    images = np.full([COUNT, HEIGHT, WIDTH, channels], 0.5)
    reconstructed = images.copy()
    reconstructed[0, 1, 2] -= 0.04
    reconstructed[3, 4, 5] += 0.01
    figure = reconstructions(images, reconstructed)
    expected = np.zeros_like(images)
    expected[0, 1, 2], expected[3, 4, 5] = 1, 0.25
    np.testing.assert_allclose(shown(figure)[2], expected, atol=1e-12)
    assert row_labels(figure) == [
        "image",
        "reconstruction",
        "|difference|\nwhite is 0.04",
    ]


def test_the_difference_of_colours_is_their_mean():
    reconstructed = IMAGES.copy()
    reconstructed[1, 2, 3] += [0.3, -0.3, 0.0]
    figure = reconstructions(IMAGES, reconstructed)
    assert row_labels(figure)[2] == "|difference|\nwhite is 0.20"
    np.testing.assert_allclose(shown(figure)[2, 1, 2, 3], [1, 1, 1])


def test_a_perfect_reconstruction_has_a_black_last_row():
    figure = reconstructions(IMAGES, IMAGES)
    assert not shown(figure)[2].any()


def test_no_images_are_refused():
    with pytest.raises(ValueError, match="There are no images"):
        reconstructions(IMAGES[:0], IMAGES[:0])
