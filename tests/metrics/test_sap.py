import numpy as np
import pytest

from tfvae.metrics import sap

FACTORS = np.stack(np.unravel_index(np.arange(400), (2, 2, 100)), axis=1)
FACTORS = FACTORS[:, :2]  # two binary factors, 100 images of each pair
CODES = FACTORS.astype(float)


def of(codes, factors=FACTORS, **options) -> dict:
    return sap(codes, factors, codes, factors, **options)


def test_squared_correlations_by_hand():
    # the second code is (2 v_0 + v_1): correlations 2 and 1 over root 5
    codes = np.column_stack([CODES[:, 0], CODES @ [2, 1]])
    result = of(codes)
    np.testing.assert_allclose(
        result["scores"], [[1, 0], [0.8, 0.2]], atol=1e-9
    )
    np.testing.assert_allclose(result["gaps"], [0.2, 0.2])
    assert result["sap"] == pytest.approx(0.2)


@pytest.mark.parametrize("estimator", ["r2", "classifier"])
def test_a_code_a_binary_factor(estimator):
    result = of(10 * (CODES - 0.5), estimator=estimator)
    chance = {"r2": 0, "classifier": 0.5}[estimator]
    expected = chance + (1 - chance) * np.eye(2)
    np.testing.assert_allclose(result["scores"], expected, atol=1e-9)
    assert result["sap"] == pytest.approx(1 - chance)


@pytest.mark.parametrize("estimator", ["r2", "classifier"])
def test_a_factor_in_two_codes_leaves_no_gap(estimator):
    result = of(np.hstack([CODES, CODES]), estimator=estimator)
    assert result["sap"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("estimator", ["r2", "classifier"])
def test_constant_codes_say_nothing(estimator):
    assert of(np.ones([400, 3]), estimator=estimator)["sap"] == 0


def test_correlations_know_no_scale():
    assert of(1e-3 * (CODES - 0.25))["sap"] == pytest.approx(1)


def test_the_classifier_is_scored_on_the_test_part():
    result = sap(CODES, FACTORS, 1 - CODES, FACTORS, estimator="classifier")
    assert result["scores"][0, 0] == 0


def test_an_unknown_estimator_names_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'classifier'"):
        of(CODES, estimator="clasifier")


def test_one_code_has_no_second_best():
    with pytest.raises(ValueError, match="at least 2 codes"):
        of(CODES[:, :1])


def test_a_value_that_one_part_lacks_is_an_error_for_the_classifier():
    rare = FACTORS.copy()
    rare[0, 0] = 99
    with pytest.raises(ValueError, match="both parts"):
        sap(CODES, rare, CODES, FACTORS, estimator="classifier")
    assert "sap" in sap(CODES, rare, CODES, FACTORS, estimator="r2")
