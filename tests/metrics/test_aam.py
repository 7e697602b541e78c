import math

import numpy as np
import pytest

from tfvae.metrics import aam

# all 64 combinations of three factors of four values
FACTORS = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
CODES = FACTORS.astype(float)


def test_one_code_a_factor_is_perfect():
    result = aam(CODES[:, [2, 0, 1]] * [1, -8, 0.1], FACTORS)
    assert result["aam"] == pytest.approx(1)
    np.testing.assert_allclose(result["factors"], [1, 1, 1])


def test_a_weak_code_is_as_good_as_a_strong_one_if_it_is_alone():
    result = aam(CODES // 2, FACTORS)
    assert result["aam"] == pytest.approx(1)


def test_all_other_codes_are_charged_together():
    # 1, 1/2 and 1/2 of what there is to know of the second factor
    halves = FACTORS[:, 1] // 2
    two = np.column_stack([CODES[:, :2], halves])
    three = np.column_stack([CODES[:, :2], halves, -halves])
    four = np.column_stack([CODES[:, :2], halves, halves, halves])
    for codes, share in ((two, 0.5), (three, 0), (four, 0)):
        result = aam(codes, FACTORS[:, :2])
        np.testing.assert_allclose(result["factors"], [1, share], atol=1e-12)
        assert result["aam"] == pytest.approx((1 + share) / 2)


def test_a_factor_in_two_codes_scores_nothing():
    result = aam(np.hstack([CODES, CODES]), FACTORS)
    assert result["aam"] == pytest.approx(0, abs=1e-12)


def test_a_rotation_scores_nothing():
    codes = FACTORS[:, :2] @ [[1, 1], [1, -1]]
    result = aam(codes, FACTORS[:, :2])
    assert result["aam"] == pytest.approx(0, abs=1e-12)


def test_a_factor_nobody_knows_scores_nothing():
    codes = np.column_stack([CODES[:, 0], np.full(64, 0.1)])
    result = aam(codes, FACTORS[:, :2])
    np.testing.assert_allclose(result["factors"], [1, 0], atol=1e-12)
    assert aam(np.ones([64, 4]), FACTORS)["aam"] == 0


def test_constant_codes_are_not_charged():
    codes = np.hstack([CODES, np.full([64, 3], 0.1)])
    assert aam(codes, FACTORS)["aam"] == pytest.approx(1)


def test_each_code_of_noise_is_charged_with_the_sampling_error_of_its_bins():
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 8, [10_000, 2])
    noise = rng.uniform(size=[10_000, 5])
    bare = aam(factors.astype(float), factors)
    result = aam(np.hstack([factors, noise]), factors)
    error = (20 - 1) * (8 - 1) / (2 * 10_000)
    np.testing.assert_allclose(
        result["mutual_information"][2:].mean(), error, rtol=0.1
    )
    lost = bare["aam"] - result["aam"]
    assert lost == pytest.approx(5 * error / math.log(8), rel=0.1)


def test_golden(golden):
    matrix = np.array(golden.fixed["mig"]["mi_matrix_codes_x_factors"])
    best = matrix.max(axis=0)
    expected = np.maximum(0, best - (matrix.sum(axis=0) - best)) / best
    result = aam(golden.train_codes, golden.train_factors)
    np.testing.assert_allclose(result["factors"], expected, atol=1e-8)
    known = {"monotone": 0.981240, "rotated": 0.362575, "split": 0.621989}
    assert result["aam"] == pytest.approx(known[golden.name], abs=1e-6)


@pytest.mark.parametrize("golden", ["rotated", "split"], indirect=True)
def test_golden_without_the_noise_of_its_idle_codes(golden):
    idle = {"rotated": 5, "split": 7}[golden.name]
    codes = golden.train_codes.copy()
    codes[:, idle:] = 0
    known = {"rotated": 0.476782, "split": 0.638819}
    result = aam(codes, golden.train_factors)
    assert result["aam"] == pytest.approx(known[golden.name], abs=1e-6)


def one_value(factors):
    return np.where([False, True, False], 3, factors)


@pytest.mark.parametrize(
    "codes, factors, message",
    [
        (CODES[:, :1], FACTORS, "at least 2 codes"),
        (CODES, one_value(FACTORS), "factor 1 is always 3"),
        (CODES[:-1], FACTORS, "the same N"),
        (CODES * math.nan, FACTORS, "Codes must be finite"),
    ],
)
def test_what_cannot_be_measured(codes, factors, message):
    with pytest.raises(ValueError, match=message):
        aam(codes, factors)


def test_a_single_factor_has_a_score():
    assert aam(CODES, FACTORS[:, :1])["aam"] == pytest.approx(1)
