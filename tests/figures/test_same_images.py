import numpy as np

from tests.figures.cutting import cut
from tests.figures.cutting import row_labels
from tfvae.figures import same_images

RUNS, COUNT, HEIGHT, WIDTH = 3, 4, 5, 6


def test_images_come_first_and_then_each_run_under_its_name():
    rng = np.random.default_rng(0)
    images = rng.random([COUNT, HEIGHT, WIDTH, 1])
    reconstructed = rng.random([RUNS, COUNT, HEIGHT, WIDTH, 1])
    figure = same_images(images, ["B", "H", "TC"], reconstructed)
    shown = cut(figure, [1, RUNS], [COUNT], (HEIGHT, WIDTH))
    np.testing.assert_array_equal(shown[0], images)
    np.testing.assert_array_equal(shown[1:], reconstructed)
    assert row_labels(figure) == ["image", "B", "H", "TC"]
