import numpy as np

from tests.figures.cutting import cut
from tests.figures.cutting import headings
from tfvae.figures import interpolations

PAIRS, STEPS, HEIGHT, WIDTH = 2, 3, 5, 6


def test_decoded_images_lie_between_the_two_they_are_made_of():
    rng = np.random.default_rng(0)
    interpolated = rng.random([PAIRS, STEPS, HEIGHT, WIDTH, 3])
    ends = rng.random([PAIRS, 2, HEIGHT, WIDTH, 3])
    figure = interpolations(interpolated, ends)
    shown = cut(figure, [PAIRS], [1, STEPS, 1], (HEIGHT, WIDTH))
    np.testing.assert_array_equal(shown[:, 0], ends[:, 0])
    np.testing.assert_array_equal(shown[:, 1:-1], interpolated)
    np.testing.assert_array_equal(shown[:, -1], ends[:, 1])
    assert headings(figure) == ["image", "decoded", "image"]
