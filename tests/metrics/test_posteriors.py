import math

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from tfvae.metrics import posteriors

SAMPLES, POSTERIORS = 8, 300


def table(size, latents=3, seed=0):
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(size, latents))
    return means, rng.uniform(-4, 0, size=(size, latents))


def densities(z, means, log_vars):
    """log q(z_d|x_n) by scipy, `[S, N, D]`."""
    return norm.logpdf(z[:, np.newaxis], means, np.exp(log_vars / 2))


@pytest.fixture(params=["CPU", "GPU"])
def kernel(request, monkeypatch):
    """Both kernels, the GPU's on the CPU, in small pieces."""
    sums = getattr(posteriors, request.param)[0]
    monkeypatch.setattr(posteriors, "CPU", (sums, SAMPLES, POSTERIORS))


@pytest.mark.parametrize("size", [1, 50, 2 * POSTERIORS + 7])
@pytest.mark.parametrize("samples", [1, SAMPLES + 3])
def test_the_mixtures_are_exact(size, samples, kernel):
    means, log_vars = table(size)
    z, _ = posteriors.sample(means, log_vars, samples, seed=1)
    joint, each = posteriors.log_aggregate(z, means, log_vars)
    expected = densities(z, means, log_vars)
    log_size = math.log(size)
    np.testing.assert_allclose(
        joint, logsumexp(expected.sum(2), axis=1) - log_size, atol=2e-5
    )
    np.testing.assert_allclose(
        each, logsumexp(expected, axis=1) - log_size, atol=2e-5
    )


def test_a_sample_far_from_every_posterior_has_a_density(kernel):
    means, log_vars = np.zeros([2, 1]), np.full([2, 1], -8.0)
    joint, each = posteriors.log_aggregate(np.ones([1, 1]), means, log_vars)
    expected = densities(np.ones([1, 1]), means, log_vars)[0, 0, 0]
    assert expected < -1000  # exp of it is 0
    np.testing.assert_allclose(joint, expected, rtol=1e-5)
    np.testing.assert_allclose(each, [[expected]], rtol=1e-5)


def test_samples_have_the_moments_of_the_aggregate():
    means, log_vars = table(2000)
    z, images = posteriors.sample(means, log_vars, 20_000, seed=0)
    variance = np.exp(log_vars).mean(0) + means.var(0)
    np.testing.assert_allclose(z.mean(0), means.mean(0), atol=0.03)
    np.testing.assert_allclose(z.var(0), variance, rtol=0.05)
    deviations = (z - means[images]) / np.exp(log_vars[images] / 2)
    np.testing.assert_allclose(deviations.var(0), 1, rtol=0.05)


def test_no_image_is_drawn_twice_while_there_are_others():
    _, images = posteriors.sample(*table(100), 100, seed=0)
    assert sorted(images) == list(range(100))


def test_the_seed_determines_the_samples():
    one, same, other = (
        posteriors.sample(*table(10), 5, seed)[0] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_density_of_each_sample_under_its_own_posterior():
    means, log_vars = table(4)
    z = means + 0.3
    expected = np.einsum("nnd->nd", densities(z, means, log_vars))
    received = posteriors.log_density(z, means, log_vars)
    np.testing.assert_allclose(received, expected, rtol=1e-12)


def test_progress_ends_with_every_pair():
    done = []
    means, log_vars = table(posteriors.CPU[2] + 1)
    z = np.zeros([posteriors.CPU[1] + 1, 3])
    posteriors.log_aggregate(z, means, log_vars, lambda *now: done.append(now))
    assert len(done) > 1
    assert done[-1] == (len(means) * len(z),) * 2


# === Mutual information ===


def mutual_information(means, log_vars, factors, samples):
    drawn = posteriors.aggregate(means, log_vars, samples, seed=0)
    told = posteriors.information_of_draws(means, log_vars, factors, drawn)
    return told.mean(axis=0)


def test_a_code_that_tells_the_factor_knows_its_entropy():
    factors = np.arange(400)[:, np.newaxis] % np.array([4, 5])
    means = np.column_stack([10.0 * factors[:, 0], np.zeros(400)])
    matrix = mutual_information(means, np.full([400, 2], -4.0), factors, 400)
    expected = [[math.log(4), 0], [0, 0]]
    np.testing.assert_allclose(matrix, expected, atol=1e-5)


def test_information_of_overlapping_posteriors_by_quadrature():
    # a binary factor moves a code of unit variance from -1 to 1
    factors = np.arange(100)[:, np.newaxis] % 2
    means = 2.0 * factors - 1
    z = np.linspace(-9, 9, 4001)
    p0, p1 = norm.pdf(z, -1), norm.pdf(z, 1)
    mixture = (p0 + p1) / 2
    integrand = (p0 * np.log(p0 / mixture) + p1 * np.log(p1 / mixture)) / 2
    expected = np.trapezoid(integrand, z)
    [[received]] = mutual_information(means, np.zeros([100, 1]), factors, 4000)
    assert received == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("case", ["perfect", "rotated"])
def test_golden_densities_on_a_grid(case, grid_posteriors):
    means, log_vars, factors, expected = grid_posteriors(case)
    received = mutual_information(means, log_vars, factors, 400)
    reference = expected["rtqichen"]["mutual_info_factors_x_codes"]
    reference = np.maximum(np.transpose(reference), 0)
    # the reference draws other samples
    np.testing.assert_allclose(received, reference, atol=0.06)


@pytest.mark.parametrize("samples", [0, -1])
def test_at_least_one_sample(samples):
    with pytest.raises(ValueError, match=f"samples={samples}"):
        posteriors.sample(*table(3), samples, seed=0)
