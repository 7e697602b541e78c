import numpy as np
import pytest

from tfvae.figures import traversals

IMAGES, LATENTS, STEPS, HEIGHT, WIDTH = 2, 3, 4, 5, 6
KL = np.array([0.5, 4.256, 0.0])
ACTIVE = np.array([True, True, False])
MEANINGS = ["", "63% of posX", ""]


def random_images(channels):
    shape = (IMAGES, LATENTS, STEPS, HEIGHT, WIDTH, channels)
    return np.random.default_rng(0).random(shape)


def axes_of(images, **options):
    [axes] = traversals(images, KL, ACTIVE, MEANINGS, **options).axes
    return axes


@pytest.mark.parametrize("channels, drawn", [(1, 1), (3, 3), (5, 1)])
def test_rows_are_latents_by_kl_and_columns_steps_image_by_image(
    channels, drawn
):
    images = random_images(channels)
    [shown] = axes_of(images).images
    pixels = np.asarray(shown.get_array())
    pixels = pixels.reshape(*pixels.shape[:2], drawn)
    assert shown.get_clim() == (0, 1)
    for row, latent in enumerate([1, 0, 2]):
        for image, step in np.ndindex(IMAGES, STEPS):
            top = row * (HEIGHT + 1)
            left = (image * STEPS + step) * (WIDTH + 1)
            np.testing.assert_array_equal(
                pixels[top : top + HEIGHT, left : left + WIDTH],
                images[image, latent, step, ..., :drawn],
            )


def test_labels_name_latent_kl_and_meaning_and_mark_the_inactive():
    axes = axes_of(random_images(1))
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "z1  4.26 nats\n63% of posX",
        "z0  0.50 nats",
        "z2  0.00 nats\ninactive",
    ]
    middles = [row * (HEIGHT + 1) + (HEIGHT - 1) / 2 for row in range(LATENTS)]
    assert axes.get_yticks().tolist() == middles


def test_inactive_latents_can_be_left_out():
    axes = axes_of(random_images(1), inactive=False)
    assert len(axes.get_yticklabels()) == 2


def test_nothing_active_is_refused():
    nothing = np.zeros(LATENTS, bool)
    with pytest.raises(ValueError, match="No latent is active"):
        traversals(random_images(1), KL, nothing, MEANINGS, inactive=False)
