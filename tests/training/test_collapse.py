import numpy as np
import pytest

from tfvae.training import collapse

IMAGES = np.random.default_rng(0).random([64, 4, 4, 1])
SAME = np.broadcast_to(IMAGES.mean(axis=0), IMAGES.shape)
TWO = np.tile([[1.0], [-1.0]], [32, 1])  # the mean of an image, or of another
LOG_TEN = np.log(10.0)


def posteriors(means, log_var) -> tuple[np.ndarray, np.ndarray]:
    means = np.broadcast_to(means, [64, 1])
    return means, np.full([64, 1], log_var)


def test_the_kl_is_in_closed_form():
    means, log_vars = np.array([[3.0, 0.0]]), np.array([[0.0, LOG_TEN]])
    signs = collapse.signs(means, log_vars, SAME[:1], IMAGES[:1])
    assert signs.kl == pytest.approx(9 / 2 + (10 - LOG_TEN - 1) / 2)


@pytest.mark.parametrize(
    ("mean", "log_var", "information"),
    [
        (2.0, 0.0, 0.0),  # the same for every image
        (0.0, -3.0, 0.0),
        (TWO, 0.0, np.log(2) / 2),  # a channel with signal = noise
        (TWO, -LOG_TEN, np.log(11) / 2),
        (5 + 3 * TWO, 0.0, np.log(10) / 2),
    ],
)
def test_information_is_that_of_a_gaussian_channel(mean, log_var, information):
    signs = collapse.signs(*posteriors(mean, log_var), SAME, IMAGES)
    assert signs.information == pytest.approx(information, abs=1e-12)


def test_variances_that_differ_are_information_too():
    """Half of the images have a variance of 1, the others one of 9."""
    log_vars = np.log(np.tile([[1.0], [9.0]], [32, 1]))
    signs = collapse.signs(np.zeros([64, 1]), log_vars, SAME, IMAGES)
    assert signs.information == pytest.approx((np.log(5) - np.log(3)) / 2)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_spread_is_how_far_reconstructions_follow_the_images(share):
    drawn = SAME + share * (IMAGES - SAME)
    signs = collapse.signs(*posteriors(0.0, 0.0), drawn, IMAGES)
    assert signs.spread == pytest.approx(share**2, abs=1e-12)


def test_images_that_are_all_the_same_prove_nothing():
    signs = collapse.signs(*posteriors(2.0, 0.0), SAME, SAME)
    assert not signs.collapsed


@pytest.mark.parametrize(
    ("kl", "information", "spread", "collapsed"),
    [
        (5.0, 0.0, 0.0, True),
        (0.3, 0.0, 0.0, False),  # collapsed to the prior
        (5.0, 3.0, 0.0, False),  # the encoder is ahead of the decoder
        (5.0, 0.0, 0.2, False),
    ],
)
def test_all_three_signs_make_a_collapse(kl, information, spread, collapsed):
    assert collapse.Signs(kl, information, spread).collapsed == collapsed
