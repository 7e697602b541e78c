import numpy as np
import pytest

from tfvae.metrics import modularity

# all 64 combinations of three factors of four values
FACTORS = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
CODES = FACTORS.astype(float)


def test_one_factor_a_code_is_perfect():
    result = modularity(CODES, FACTORS)
    assert result["modularity"] == pytest.approx(1)
    np.testing.assert_allclose(
        result["mutual_information"], np.log(4) * np.eye(3), atol=1e-12
    )


def test_two_codes_of_one_factor_are_still_modular():
    result = modularity(np.hstack([CODES, CODES]), FACTORS)
    assert result["modularity"] == pytest.approx(1)


def test_a_code_of_all_factors_alike_scores_nothing():
    code = FACTORS @ [1, 4, 16]
    result = modularity(code[:, np.newaxis], FACTORS, bins=64)
    assert result["modularity"] == pytest.approx(0, abs=1e-12)


def test_a_code_of_two_factors_of_three_scores_a_half():
    code = FACTORS @ [1, 4, 0]
    result = modularity(code[:, np.newaxis], FACTORS, bins=16)
    assert result["modularity"] == pytest.approx(0.5)


def test_constant_codes_count_as_nothing():
    codes = np.hstack([CODES, np.full([64, 3], 0.1)])
    result = modularity(codes, FACTORS)
    np.testing.assert_allclose(result["codes"], [1, 1, 1, 0, 0, 0], atol=1e-12)
    assert result["modularity"] == pytest.approx(0.5)


def test_constant_codes_count_as_nothing_whatever_rounding_makes_of_them():
    factors = np.random.default_rng(0).integers(0, 7, [9_999, 3])
    assert modularity(np.zeros([9_999, 2]), factors)["modularity"] == 0


def test_a_code_of_noise_is_charged_with_its_sampling_error_alone():
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, [10_000, 3])
    noise = rng.standard_normal([10_000, 1])
    result = modularity(np.hstack([factors, noise]), factors)
    assert result["mutual_information"][3].max() < 0.01
    assert 0 < result["codes"][3] < 1


def test_one_factor_has_nothing_to_be_told_from():
    with pytest.raises(ValueError, match="at least 2 factors"):
        modularity(CODES, FACTORS[:, :1])
