import numpy as np
import pytest

from tfvae.metrics import irs

FACTORS = np.stack(np.unravel_index(np.arange(60), (3, 4, 5)), axis=1)
CODES = FACTORS.astype(float)


def test_a_code_that_only_its_factor_moves_is_robust():
    result = irs(CODES, FACTORS)
    assert result["irs"] == 1
    assert result["factors"].tolist() == [0, 1, 2]


def test_the_robustness_of_a_mixed_code_by_hand():
    # held v_0, the code moves by 1 about its mean, in all by 2
    factors = np.stack(np.unravel_index(np.arange(9), (3, 3)), axis=1)
    code = factors.sum(axis=1, keepdims=True)
    result = irs(code, factors, quantile=1)
    np.testing.assert_allclose(result["robustness"], [[0.5, 0.5]])
    assert result["irs"] == pytest.approx(0.5)


def test_codes_weigh_by_their_largest_deviation():
    factors = np.stack(np.unravel_index(np.arange(9), (3, 3)), axis=1)
    codes = np.column_stack([3 * factors[:, 0], factors.sum(axis=1)])
    result = irs(codes, factors, quantile=1)
    # deviations 3 and 2, robustness 1 and 0.5
    assert result["irs"] == pytest.approx((3 * 1 + 2 * 0.5) / 5)


def test_a_lower_quantile_forgives_outliers():
    codes = CODES.copy()
    codes[0, 0] += 100
    assert irs(codes, FACTORS, quantile=0.9)["codes"][0] > 0.9
    assert irs(codes, FACTORS, quantile=1)["codes"][0] < 0.85


def test_constant_codes_are_left_out():
    result = irs(np.hstack([CODES, np.full([60, 2], 0.1)]), FACTORS)
    assert result["irs"] == 1
    assert result["factors"].tolist() == [0, 1, 2, -1, -1]
    assert np.isnan(result["codes"][3:]).all()


def test_with_constant_codes_alone_the_score_is_0():
    assert irs(np.ones([60, 2]), FACTORS)["irs"] == 0


def test_factors_of_more_values_than_bins_cost_a_perfect_code():
    factors = np.repeat(np.arange(40), 5)[:, np.newaxis]
    codes = factors.astype(float)
    assert irs(codes, factors)["irs"] < 1
    assert irs(codes, factors, factor_bins=None)["irs"] == 1


@pytest.mark.parametrize("quantile", [0, 1.1, float("nan")])
def test_a_quantile_out_of_range(quantile):
    with pytest.raises(ValueError, match=r"\(0, 1\]. Received: quantile="):
        irs(CODES, FACTORS, quantile=quantile)
