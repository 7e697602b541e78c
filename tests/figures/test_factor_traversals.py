import numpy as np

from tests.figures.cutting import cut
from tests.figures.cutting import row_labels
from tfvae.figures import factor_traversals

FACTORS, STEPS, HEIGHT, WIDTH = 2, 3, 5, 6


def test_each_factor_has_its_images_and_below_them_the_reconstructions():
    shape = (2, FACTORS, STEPS, HEIGHT, WIDTH, 3)
    images, reconstructed = np.random.default_rng(0).random(shape)
    figure = factor_traversals(images, reconstructed, ["scale", "posX"])
    shown = cut(figure, [2] * FACTORS, [STEPS], (HEIGHT, WIDTH))
    np.testing.assert_array_equal(shown[0::2], images)
    np.testing.assert_array_equal(shown[1::2], reconstructed)
    assert row_labels(figure) == [
        "scale",
        "reconstruction",
        "posX",
        "reconstruction",
    ]
