import numpy as np
import pytest

from tfvae.figures import overlap
from tfvae.figures import posterior_overlap

RNG = np.random.default_rng(0)
WIDTHS = np.array([0.2, 0.05, 1.0])
CODES = RNG.normal(size=[300, 3]) * np.sqrt(1 - WIDTHS**2)
STDDEVS = np.tile(WIDTHS, [300, 1])
KL = -np.log(WIDTHS)
ACTIVE = np.array([True, True, False])


def draw(**options):
    return posterior_overlap(CODES, STDDEVS, KL, ACTIVE, **options)


def test_left_are_two_posteriors_to_scale_at_the_distance_of_neighbours():
    for axes, latent in zip(draw().axes[:-1], [1, 0], strict=True):
        _, *pair = axes.lines
        centres = []
        for line in pair:
            z, height = line.get_data()
            centres.append(z[height.argmax()])
            assert height.max() == 1
            inside = z[height > np.exp(-0.5) - 1e-6]  # one stddev each way
            step = z[1] - z[0]
            assert np.ptp(inside) / 2 == pytest.approx(WIDTHS[latent], abs=step)
        measured = overlap.measure(CODES[:, latent], STDDEVS[:, latent])
        assert np.diff(centres) == pytest.approx(measured.distance)
        assert np.mean(centres) == pytest.approx(np.median(CODES[:, latent]))


def test_behind_them_are_the_aggregate_and_the_prior_on_one_scale():
    axes = draw().axes[1]
    z, density = overlap.aggregate(CODES[:, 0], STDDEVS[:, 0])
    prior = axes.lines[0]
    np.testing.assert_array_equal(prior.get_xdata(), z)
    at_zero = np.interp(0, z, prior.get_ydata())
    assert at_zero * density.max() == pytest.approx(0.3989, abs=1e-4)
    corners = axes.collections[0].get_paths()[0].vertices
    assert corners[:, 1].max() == 1
    assert (corners[:, 0].min(), corners[:, 0].max()) == (z[0], z[-1])


def test_numbers_are_in_the_titles():
    axes = draw().axes[1]
    measured = overlap.measure(CODES[:, 0], STDDEVS[:, 0])
    assert axes.get_title() == (
        f"z0: s = 0.2, d = {measured.distance:.2g}, "
        f"overlap {100 * measured.coefficient:.0f}%"
    )


def test_right_is_each_active_latent_by_kl_and_share():
    axes = draw().axes[-1]
    [points] = axes.collections
    kl, share = points.get_offsets().T
    np.testing.assert_allclose(kl, KL[[1, 0]])
    np.testing.assert_allclose(share, WIDTHS[[1, 0]], rtol=0.1)
    assert axes.get_yscale() == "log"
    line = axes.lines[0]
    np.testing.assert_allclose(line.get_ydata(), np.exp(-line.get_xdata()))


def test_right_every_point_has_its_numbers():
    texts = [text.get_text() for text in draw().axes[-1].texts]
    expected = []
    for latent in (1, 0):
        numbers = overlap.measure(CODES[:, latent], STDDEVS[:, latent])
        expected.append(
            f"z{latent}: overlap {100 * numbers.coefficient:.0f}%, "
            f"{numbers.values:.3g} values"
        )
    assert texts == [*expected, "exp(-KL)"]


def test_how_many_are_shown_left_can_be_said():
    assert len(draw(shown=1).axes) == 2


def test_nothing_active_or_a_single_image_is_refused():
    with pytest.raises(ValueError, match="No latent is active"):
        posterior_overlap(CODES, STDDEVS, KL, np.zeros(3, bool))
    with pytest.raises(ValueError, match="no neighbour"):
        posterior_overlap(CODES[:1], STDDEVS[:1], KL, ACTIVE)
