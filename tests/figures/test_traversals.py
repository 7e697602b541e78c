import numpy as np
import pytest

from tests.figures.cutting import cut
from tests.figures.cutting import headings
from tests.figures.cutting import row_labels
from tfvae.figures import traversals

IMAGES, LATENTS, STEPS, HEIGHT, WIDTH = 2, 3, 4, 5, 6
VALUES = np.linspace([-1.96, -3, 0.5], [2.04, 3, 0.75], STEPS, axis=1)
KL = np.array([0.5, 4.256, 0.0])
ACTIVE = np.array([True, True, False])
MEANINGS = ["", "63% of posX", ""]


def random_images(channels=1):
    shape = (IMAGES, LATENTS, STEPS, HEIGHT, WIDTH, channels)
    return np.random.default_rng(0).random(shape)


def draw(images, **options):
    return traversals(images, VALUES, KL, ACTIVE, MEANINGS, **options)


@pytest.mark.parametrize("channels, drawn", [(1, 1), (3, 3), (5, 1)])
def test_rows_are_latents_by_kl_and_columns_steps_image_by_image(
    channels, drawn
):
    images = random_images(channels)
    shown = cut(draw(images), [LATENTS], [STEPS] * IMAGES, (HEIGHT, WIDTH))
    for row, latent in enumerate([1, 0, 2]):
        for image, step in np.ndindex(IMAGES, STEPS):
            np.testing.assert_array_equal(
                shown[row, image * STEPS + step],
                images[image, latent, step, ..., :drawn],
            )


def test_rows_say_what_moves_and_from_where_to_where():
    figure = draw(random_images())
    [axes] = figure.axes
    assert row_labels(figure) == [
        "z1  4.26 nats\n63% of posX",
        "z0  0.50 nats",
        "z2  0.00 nats\ninactive",
    ]
    assert [note.get_text() for note in axes.texts] == [
        "−3.0 to 3.0",
        "−2.0 to 2.0",
        "0.5 to 0.8",
    ]
    assert headings(figure) == ["from image 1", "from image 2"]


def test_inactive_latents_can_be_left_out():
    images = random_images()
    figure = draw(images, inactive=False)
    shown = cut(figure, [2], [STEPS] * IMAGES, (HEIGHT, WIDTH))
    np.testing.assert_array_equal(shown[1, -1], images[-1, 0, -1])
    assert len(row_labels(figure)) == 2


def test_nothing_active_is_refused():
    nothing = np.zeros(LATENTS, bool)
    with pytest.raises(ValueError, match="No latent is active"):
        traversals(
            random_images(), VALUES, KL, nothing, MEANINGS, inactive=False
        )
