import numpy as np

from tfvae.figures import reconstructions

COUNT, HEIGHT, WIDTH = 4, 5, 6
RNG = np.random.default_rng(0)
IMAGES = RNG.random([COUNT, HEIGHT, WIDTH, 3])
RECONSTRUCTED = RNG.random([COUNT, HEIGHT, WIDTH, 3])


def test_rows_are_image_reconstruction_and_difference():
    [axes] = reconstructions(IMAGES, RECONSTRUCTED).axes
    [shown] = axes.images
    pixels = np.asarray(shown.get_array())
    difference = abs(IMAGES - RECONSTRUCTED)
    for row, images in enumerate([IMAGES, RECONSTRUCTED, difference]):
        for column, image in enumerate(images):
            top, left = row * (HEIGHT + 1), column * (WIDTH + 1)
            np.testing.assert_array_equal(
                pixels[top : top + HEIGHT, left : left + WIDTH], image
            )


def test_labels():
    [axes] = reconstructions(IMAGES, RECONSTRUCTED).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["image", "reconstruction", "|difference|"]


def test_a_perfect_reconstruction_has_a_black_last_row():
    [axes] = reconstructions(IMAGES[..., :1], IMAGES[..., :1]).axes
    [shown] = axes.images
    last = np.asarray(shown.get_array())[2 * (HEIGHT + 1) : -1]
    for column in range(COUNT):
        left = column * (WIDTH + 1)
        assert not last[:, left : left + WIDTH].any()
