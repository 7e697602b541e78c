import numpy as np
import pytest
from scipy.stats import norm

from tfvae.figures import overlap


@pytest.mark.parametrize("distance, width", [(0.19, 0.077), (1, 1), (3, 0.5)])
def test_the_coefficient_is_the_area_two_gaussians_share(distance, width):
    z = np.linspace(-10, 10, 200_001)
    shared = np.minimum(norm.pdf(z, 0, width), norm.pdf(z, distance, width))
    assert overlap.overlap_coefficient(distance, width) == pytest.approx(
        np.trapezoid(shared, z), abs=1e-6
    )


def test_width_is_the_geometric_mean_and_share_that_of_the_aggregate():
    codes, stddevs = np.array([-2.0, 2.0]), np.array([1.0, 4.0])
    measured = overlap.measure(codes, stddevs)
    assert measured.width == pytest.approx(2)
    # variance of the means 4, mean of the variances 8.5
    assert measured.share == pytest.approx(2 / np.sqrt(12.5))


def test_one_pair_in_ten_is_closer_than_the_distance():
    codes = np.array([0.0, 1, 3])  # distances 1, 2, 3
    measured = overlap.measure(codes, np.ones(3))
    assert measured.distance == pytest.approx(1.2)
    assert measured.coefficient == pytest.approx(2 * norm.cdf(-0.6))


def test_the_aggregate_is_the_mixture_of_all_posteriors():
    codes, stddevs = np.array([-1.0, 3.0]), np.array([0.5, 1.0])
    z, density = overlap.aggregate(codes, stddevs)
    expected = norm.pdf(z, -1, 0.5) / 2 + norm.pdf(z, 3, 1) / 2
    np.testing.assert_allclose(density, expected)
    assert np.trapezoid(density, z) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_posteriors_far_apart_are_told_apart(count):
    codes = np.repeat(10.0 * np.arange(count), 3)
    values = overlap.values_told_apart(codes, np.full(3 * count, 0.7))
    assert values == pytest.approx(count, rel=1e-4)


def test_values_of_a_gaussian_channel_are_those_its_nats_pay_for():
    width = 0.2
    ranks = (np.arange(1000) + 0.5) / 1000
    codes = norm.ppf(ranks) * np.sqrt(1 - width**2)
    measured = overlap.measure(codes, np.full(1000, width))
    kl = (codes**2 + width**2 - 1).mean() / 2 - np.log(width)
    assert measured.values == pytest.approx(5, rel=5e-3)
    assert measured.values <= np.exp(kl)
    assert measured.share == pytest.approx(np.exp(-kl), rel=5e-3)


def test_above_the_line_is_the_kl_of_the_aggregates_moments():
    rng = np.random.default_rng(0)
    codes = rng.uniform(-1, 3, 500)
    stddevs = rng.uniform(0.1, 0.8, 500)
    kl = (codes**2 + stddevs**2 - 1 - 2 * np.log(stddevs)).mean() / 2
    mean, variance = codes.mean(), codes.var() + (stddevs**2).mean()
    of_moments = (mean**2 + variance - 1 - np.log(variance)) / 2
    measured = overlap.measure(codes, stddevs)
    assert kl + np.log(measured.share) == pytest.approx(of_moments)


def test_a_latent_that_pays_with_its_width_alone_tells_nothing():
    measured = overlap.measure(np.zeros(50), np.full(50, 0.01))
    assert measured.share == pytest.approx(1)
    assert measured.values == pytest.approx(1, rel=1e-4)
    assert measured.coefficient == 1
