import io

import numpy as np
import pytest
from PIL import Image
from PIL import ImageSequence

from tfvae.figures.animation import animate

IMAGES, LATENTS, STEPS, SIDE = 2, 3, 4, 64
KL = np.array([0.5, 4.256, 0.0])
ACTIVE = np.array([True, True, False])
MEANINGS = ["", "63% of posX", ""]
# one grey a tile, so that no tile and no step is like another
GREYS = np.arange(IMAGES * LATENTS * STEPS).reshape(IMAGES, LATENTS, STEPS) / 24
TRAVERSED = np.tile(GREYS[..., None, None, None], [SIDE, SIDE, 1])


def film(**options):
    arguments = {
        "traversed": TRAVERSED,
        "latent_kl": KL,
        "active": ACTIVE,
        "meanings": MEANINGS,
    }
    return Image.open(io.BytesIO(animate(**(arguments | options))))


def frames(image):
    return np.array(
        [np.array(f.convert("L")) for f in ImageSequence.Iterator(image)]
    )


def tiles(frame, rows):
    """The grey in the middle of each tile, `[rows, IMAGES]`."""
    margin, step = 16, SIDE + 2
    bottom = len(frame) - margin - SIDE // 2
    # the right end of the tiles is the last that is not white
    right = np.flatnonzero(frame[bottom] < 250).max() - SIDE // 2
    return np.array(
        [
            [
                frame[bottom - row * step, right - image * step]
                for image in reversed(range(IMAGES))
            ]
            for row in reversed(range(rows))
        ]
    )


def test_latents_by_kl_move_there_and_back():
    shown = frames(film())
    steps = [0, 1, 2, 3, 2, 1]
    assert len(shown) == len(steps)
    for frame, step in zip(shown, steps, strict=True):
        expected = 255 * GREYS[:, [1, 0, 2], step].T
        np.testing.assert_allclose(tiles(frame, 3), expected, atol=3)


def test_it_goes_on_for_ever_at_the_pace_asked_for():
    image = film(milliseconds=70)
    assert image.format == "WEBP"
    assert image.info["loop"] == 0
    times = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        times.append(frame.info["duration"])
    assert times == [70] * 6


def test_inactive_latents_can_be_left_out():
    shown = frames(film(inactive=False))
    assert shown.shape[1] < frames(film()).shape[1]
    expected = 255 * GREYS[:, [1, 0], 3].T
    np.testing.assert_allclose(tiles(shown[3], 2), expected, atol=3)


def test_colours_stay_colours():
    colours = np.zeros([1, 3, 2, SIDE, SIDE, 3])
    colours[..., 0] = 1
    image = film(traversed=colours)
    red = np.array(image.convert("RGB"))
    seen = np.abs(red - [255.0, 0, 0]).max(axis=-1) < 20
    assert seen.sum() > 2 * SIDE**2


@pytest.mark.parametrize("steps", [1, 2])
def test_one_or_two_steps_are_shown_once(steps):
    assert len(frames(film(traversed=TRAVERSED[:, :, :steps]))) == steps


def test_what_a_latent_means_is_written_in_black():
    plain, meant = frames(film(meanings=[""] * 3)), frames(film())
    assert (meant[0] < 50).sum() > (plain[0] < 50).sum()


def test_ten_latents_stay_small():
    rng = np.random.default_rng(0)
    # blobs that move smoothly, each in its own way
    y, x = np.mgrid[:SIDE, :SIDE]
    way = rng.uniform(10, 54, [3, 10, 1, 2]) + np.linspace(-9, 9, 9)[:, None]
    squares = (y - way[..., :1, None]) ** 2 + (x - way[..., 1:, None]) ** 2
    images = np.exp(-squares / 50)[..., None]
    arguments = images, np.ones(10), np.ones(10, bool), [""] * 10
    assert len(animate(*arguments)) < 300_000
