import numpy as np
import pytest

from tfvae.figures import traversals

ROWS, STEPS, HEIGHT, WIDTH = 3, 4, 5, 6


def random_images(channels):
    shape = (ROWS, STEPS, HEIGHT, WIDTH, channels)
    return np.random.default_rng(0).random(shape)


@pytest.mark.parametrize("channels, drawn", [(1, 1), (3, 3), (5, 1)])
def test_every_image_is_at_its_place(channels, drawn):
    images = random_images(channels)
    figure = traversals(images, np.arange(ROWS), np.zeros(ROWS))
    [axes] = figure.axes
    [shown] = axes.images
    pixels = np.asarray(shown.get_array())
    pixels = pixels.reshape(*pixels.shape[:2], drawn)
    assert shown.get_clim() == (0, 1)
    for row, column in np.ndindex(ROWS, STEPS):
        top, left = row * (HEIGHT + 1), column * (WIDTH + 1)
        np.testing.assert_array_equal(
            pixels[top : top + HEIGHT, left : left + WIDTH],
            images[row, column, ..., :drawn],
        )


def test_labels_name_latent_kl_and_meaning():
    figure = traversals(
        random_images(1),
        np.array([7, 0, 3]),
        np.array([4.256, 0.5, 0.0]),
        ["posX", "", "scale"],
    )
    [axes] = figure.axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [
        "z7  4.26 nats\nposX",
        "z0  0.50 nats",
        "z3  0.00 nats\nscale",
    ]


def test_labels_stand_beside_their_rows():
    figure = traversals(random_images(1), np.arange(ROWS), np.zeros(ROWS))
    [axes] = figure.axes
    middles = [row * (HEIGHT + 1) + (HEIGHT - 1) / 2 for row in range(ROWS)]
    assert axes.get_yticks().tolist() == middles


def test_a_label_too_few_is_refused():
    with pytest.raises(ValueError):
        traversals(random_images(1), np.arange(2), np.zeros(2))
