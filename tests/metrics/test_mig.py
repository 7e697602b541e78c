import math

import numpy as np
import pytest

from tfvae.metrics import mig
from tfvae.metrics import mig_aggregate

# all 60 combinations of three factors
FACTORS = np.stack(np.unravel_index(np.arange(60), (3, 4, 5)), axis=1)
CODES = FACTORS.astype(float)


def test_one_code_a_factor_is_perfect():
    result = mig(CODES, FACTORS)
    assert result["mig"] == pytest.approx(1)
    np.testing.assert_allclose(result["gaps"], [1, 1, 1])
    np.testing.assert_allclose(
        result["mutual_information"],
        np.diag(np.log([3, 4, 5])),
        atol=1e-12,
    )
    assert result["latents"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("order", [[2, 0, 1], [3, 2, 4, 1, 0]])
def test_order_scale_and_idle_codes_do_not_matter(order):
    codes = np.column_stack([CODES * [-8, 0.5, 1024] + 3, np.zeros([60, 2])])
    result = mig(codes[:, order], FACTORS)
    assert result["mig"] == pytest.approx(1)
    assert np.array(order)[result["latents"]].tolist() == [0, 1, 2]


def test_constant_codes_are_useless():
    assert mig(np.ones([60, 4]), FACTORS)["mig"] == 0


def test_codes_of_something_else_are_useless():
    result = mig(CODES[:, 1:], FACTORS[:, :1])
    assert result["mig"] == pytest.approx(0, abs=1e-12)


def test_a_factor_in_two_codes_leaves_no_gap():
    result = mig(np.hstack([CODES, CODES]), FACTORS)
    assert result["mig"] == pytest.approx(0, abs=1e-12)


def test_the_score_is_the_mean_over_factors():
    # the third code tells half of what the second does
    halves = CODES[:, 1] // 2
    result = mig(np.column_stack([CODES[:, :2], halves]), FACTORS[:, :2])
    np.testing.assert_allclose(result["gaps"], [1, 0.5])
    assert result["mig"] == pytest.approx(0.75)


@pytest.mark.parametrize(
    "values, bins, entropy_of_bins",
    [
        (20, 20, math.log(20)),
        # two values in each bin
        (40, 20, math.log(20)),
        # two values in 12 bins, one in 8
        (32, 20, 0.75 * math.log(16) + 0.25 * math.log(32)),
        (32, 2, math.log(2)),
        (32, 32, math.log(32)),
    ],
)
def test_fewer_bins_than_values_lose_information(values, bins, entropy_of_bins):
    factor = np.arange(values)[:, np.newaxis]
    codes = np.column_stack([factor, np.zeros(values)])
    expected = entropy_of_bins / math.log(values)
    assert mig(codes, factor, bins=bins)["mig"] == pytest.approx(expected)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_codes_must_be_finite(number):
    codes = CODES.copy()
    codes[7, 1] = number
    with pytest.raises(ValueError, match="Codes must be finite"):
        mig(codes, FACTORS)


def test_a_factor_with_one_value_is_refused():
    factors = FACTORS.copy()
    factors[:, 1] = 3
    with pytest.raises(ValueError, match="factor 1 is always 3"):
        mig(CODES, factors)


@pytest.mark.parametrize(
    "factors", [255 - FACTORS.astype(np.uint8), 1000 * FACTORS, FACTORS - 1]
)
def test_what_the_values_are_does_not_matter(factors):
    assert mig(CODES, factors)["mig"] == pytest.approx(1)


@pytest.mark.parametrize(
    "codes, factors, message",
    [
        (CODES[:-1], FACTORS, "the same N"),
        (CODES[:, 0], FACTORS, "the same N"),
        (CODES, FACTORS[:, 0], "the same N"),
        (CODES[:, :1], FACTORS, "at least 2 codes"),
    ],
)
def test_arrays_must_match(codes, factors, message):
    with pytest.raises(ValueError, match=message):
        mig(codes, factors)


def test_the_ceilings_of_20_bins():
    sizes = {"dsprites": (3, 6, 40, 32, 32), "shapes3d": (10, 10, 10, 8, 4, 15)}
    rng = np.random.default_rng(0)
    scores = {}
    for name, sizes_ in sizes.items():
        factors = rng.integers(0, sizes_, size=[100_000, len(sizes_)])
        scores[name] = mig(factors * 1.0, factors)["mig"]
    # 40 and 32 values do not fit into 20 bins
    assert scores["dsprites"] == pytest.approx(0.902, abs=0.001)
    assert scores["shapes3d"] == pytest.approx(1, abs=0.001)


# === The other estimators ===


@pytest.mark.parametrize("estimator", ["aggregate", "ksg"])
def test_estimators_agree_on_clear_codes(estimator):
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, [800, 2])
    codes = factors + rng.normal(scale=0.01, size=[800, 2])
    log_vars = np.full(codes.shape, math.log(0.01**2))
    result = mig(codes, factors, estimator, log_vars=log_vars, samples=400)
    assert result["mig"] == pytest.approx(1, abs=0.03)
    assert result["latents"].tolist() == [0, 1]


@pytest.mark.parametrize("case", ["perfect", "rotated"])
def test_golden_aggregate(case, grid_posteriors):
    means, log_vars, factors, expected = grid_posteriors(case)
    options = {"estimator": "aggregate", "log_vars": log_vars, "samples": 500}
    with_shape = mig(means, factors, **options)["mig"]
    without = mig(means, factors[:, 1:], **options)["mig"]
    reference = expected["rtqichen"]
    assert with_shape == pytest.approx(reference["MIG_all5"], abs=0.02)
    assert without == pytest.approx(reference["MIG_without_shape"], abs=0.02)


def test_aggregate_needs_variances():
    with pytest.raises(ValueError, match="log variances"):
        mig(CODES, FACTORS, "aggregate")


def test_unknown_estimator():
    with pytest.raises(ValueError, match="'binned'"):
        mig(CODES, FACTORS, "bined")


def test_the_estimator_may_be_given_by_position():
    assert mig(CODES, FACTORS, "binned", 2)["mig"] < 0.9


def test_the_standard_error_is_the_spread_of_other_draws():
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, [500, 2])
    codes = factors + 0.3 * rng.standard_normal([500, 2])
    log_vars = np.full(codes.shape, -2.0)
    results = [
        mig_aggregate(codes, factors, log_vars, samples=100, seed=seed)
        for seed in range(40)
    ]
    spread = np.std([result["mig_aggregate"] for result in results])
    errors = [r["standard_errors"]["mig_aggregate"] for r in results]
    # the draws are of different images, each at most once
    assert np.mean(errors) == pytest.approx(spread, rel=0.35)
