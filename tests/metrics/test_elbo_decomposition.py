import math

import numpy as np
import pytest

from tfvae.metrics import elbo_decomposition
from tfvae.metrics.elbo_decomposition import PARTS


def random_table(size=300, latents=4):
    rng = np.random.default_rng(0)
    means = rng.normal(size=(size, latents))
    return means, rng.uniform(-3, 0, size=(size, latents))


def test_the_parts_add_up_to_the_kl():
    result = elbo_decomposition(*random_table(), samples=4000)
    total = sum(result[part] for part in PARTS)
    spread = np.linalg.norm(list(result["standard_errors"].values()))
    assert total == pytest.approx(result["kl"], abs=4 * spread)


def test_the_kl_is_that_of_gaussians():
    result = elbo_decomposition([[2.0, 0.0]], [[0.0, math.log(4)]], samples=2)
    assert result["kl"] == pytest.approx(2 + (4 - math.log(4) - 1) / 2)


def test_posteriors_like_the_prior_cost_nothing():
    result = elbo_decomposition(np.zeros([50, 3]), np.zeros([50, 3]))
    for part in (*PARTS, "kl"):
        assert result[part] == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(result["latents"], 0, atol=1e-5)


def test_posteriors_far_apart_tell_the_image():
    means = 100.0 * np.arange(32)[:, np.newaxis]
    result = elbo_decomposition(means, np.zeros([32, 1]), samples=64)
    assert result["mutual_information"] == pytest.approx(math.log(32), abs=1e-4)
    assert result["total_correlation"] == pytest.approx(0, abs=1e-4)


def test_one_code_twice_is_correlated():
    code = 100.0 * np.arange(32)[:, np.newaxis]
    result = elbo_decomposition(
        np.hstack([code, code]), np.zeros([32, 2]), samples=64
    )
    assert result["total_correlation"] == pytest.approx(math.log(32), abs=1e-4)


def test_independent_codes_are_not():
    grid = np.stack(np.unravel_index(np.arange(64), (8, 8)), axis=1)
    result = elbo_decomposition(100.0 * grid, np.zeros([64, 2]), samples=64)
    assert result["total_correlation"] == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("case", ["perfect", "rotated"])
def test_golden(case, grid_posteriors):
    means, log_vars, _, expected = grid_posteriors(case)
    expected = expected["elbo_decomposition"]
    result = elbo_decomposition(means, log_vars, samples=1000)
    names = ("information_MI", "dependence_TC", "dimwise_kl")
    for part, name in zip(PARTS, names, strict=True):
        error = result["standard_errors"][part]
        # the reference has samples of its own, nine times as many
        assert result[part] == pytest.approx(expected[name], abs=4.5 * error)
    assert result["kl"] == pytest.approx(
        expected["analytical_cond_kl"], abs=1e-3
    )


@pytest.mark.parametrize(
    "means, log_vars",
    [
        (np.zeros(3), np.zeros(3)),
        (np.zeros([3, 2]), np.zeros([3, 1])),
        (np.zeros([0, 2]), np.zeros([0, 2])),
        (np.full([3, 2], np.nan), np.zeros([3, 2])),
        (np.zeros([3, 2]), np.full([3, 2], np.inf)),
    ],
)
def test_bad_posteriors(means, log_vars):
    with pytest.raises(ValueError, match="Received: "):
        elbo_decomposition(means, log_vars)
