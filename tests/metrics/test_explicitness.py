import numpy as np
import pytest

from tfvae.metrics import explicitness

FACTORS = np.repeat(np.arange(3), 50)[:, np.newaxis]
ONE_HOT = np.eye(3)[FACTORS[:, 0]]


def of(codes, factors=FACTORS) -> dict:
    return explicitness(codes, factors, codes, factors)


def test_a_code_a_value_is_perfect():
    result = of(ONE_HOT)
    assert result["explicitness"] == result["train"] == pytest.approx(1)


def test_constant_codes_score_chance():
    assert of(np.ones([150, 2]))["explicitness"] == pytest.approx(0.5)


def test_a_constant_code_beside_good_ones_does_no_harm():
    codes = np.hstack([ONE_HOT, np.full([150, 1], 7.0)])
    assert of(codes)["explicitness"] == pytest.approx(1)


def test_scale_and_offset_do_not_matter():
    codes = ONE_HOT + np.random.default_rng(0).standard_normal([150, 3])
    score = of(codes)["explicitness"]
    assert 0.5 < score < 1
    moved = of(codes * [1e3, 1e-3, -1] + 5)["explicitness"]
    assert moved == pytest.approx(score, abs=1e-3)


def test_the_area_of_a_binary_factor_by_hand():
    # of the 4 pairs of one image of each value, 3 are in the right order
    codes = np.array([[0.0], [2.0], [1.0], [3.0]])
    factors = np.array([[0], [0], [1], [1]])
    assert of(codes, factors)["explicitness"] == pytest.approx(0.75)


def test_the_test_part_is_scored_with_the_scale_of_the_training_part():
    result = explicitness(ONE_HOT, FACTORS, 1 - ONE_HOT, FACTORS)
    assert result["train"] == pytest.approx(1)
    assert result["explicitness"] == pytest.approx(0)


def test_a_value_that_the_test_part_lacks_has_no_area():
    with pytest.raises(ValueError, match="factor 0 without"):
        explicitness(ONE_HOT, FACTORS, ONE_HOT[:100], FACTORS[:100])
