import math

import numpy as np
import pytest

from tfvae.metrics import mig_sup

# all 64 combinations of three factors of four values
FACTORS = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
CODES = FACTORS.astype(float)


def test_one_factor_a_code_is_perfect():
    result = mig_sup(CODES[:, [1, 2, 0]] * [1, -8, 0.1], FACTORS)
    assert result["mig_sup"] == pytest.approx(1)
    assert result["factors"].tolist() == [1, 2, 0]
    np.testing.assert_allclose(result["entropies"], math.log(4))


def test_two_codes_of_one_factor_are_still_perfect():
    result = mig_sup(np.hstack([CODES, CODES]), FACTORS)
    assert result["mig_sup"] == pytest.approx(1)


def test_a_code_of_two_factors_alike_has_no_gap():
    codes = np.column_stack([FACTORS @ [1, 4, 0], CODES[:, 0]])
    result = mig_sup(codes, FACTORS, bins=16)
    np.testing.assert_allclose(result["gaps"], [0, 1], atol=1e-12)
    assert result["mig_sup"] == pytest.approx(0.5)


def test_a_code_of_one_factor_and_half_of_another_has_half_a_gap():
    code = FACTORS[:, :1] + 4 * (FACTORS[:, 1:2] // 2)
    assert mig_sup(code, FACTORS, bins=8)["mig_sup"] == pytest.approx(0.5)


def test_each_factor_is_measured_by_its_own_entropy():
    # of factors with 2 and 8 values, a code that knows 1 bit of both
    factors = np.stack(np.unravel_index(np.arange(16), (2, 8)), axis=1)
    code = factors @ [[2], [0]] + factors[:, 1:] // 4
    result = mig_sup(code, factors, bins=4)
    np.testing.assert_allclose(
        result["mutual_information"], [[math.log(2), math.log(2)]]
    )
    assert result["mig_sup"] == pytest.approx(1 - 1 / 3)
    assert result["factors"].tolist() == [0]


def test_codes_that_know_nothing_count_as_0():
    codes = np.hstack([CODES, np.full([64, 3], 0.1)])
    result = mig_sup(codes, FACTORS)
    np.testing.assert_allclose(result["gaps"], [1, 1, 1, 0, 0, 0], atol=1e-12)
    assert result["mig_sup"] == pytest.approx(0.5)


def test_useless_codes():
    assert mig_sup(np.ones([64, 4]), FACTORS)["mig_sup"] == 0
    result = mig_sup(CODES[:, :1], FACTORS[:, 1:])
    assert result["mig_sup"] == pytest.approx(0, abs=1e-12)


def test_a_rotation_leaves_no_gap():
    code = FACTORS @ [[1], [1], [0]]
    result = mig_sup(code, FACTORS)
    assert result["mig_sup"] == pytest.approx(0, abs=1e-12)


def test_golden(golden):
    expected = golden.fixed["mig"]
    matrix = np.array(expected["mi_matrix_codes_x_factors"])
    ordered = np.sort(matrix / expected["factor_entropy_nats"], axis=1)
    result = mig_sup(golden.train_codes, golden.train_factors)
    np.testing.assert_allclose(
        result["gaps"], ordered[:, -1] - ordered[:, -2], atol=1e-8
    )
    known = {"monotone": 0.438574, "rotated": 0.143310, "split": 0.492438}
    assert result["mig_sup"] == pytest.approx(known[golden.name], abs=1e-6)


def one_value(factors):
    return np.where([False, True, False], 3, factors)


@pytest.mark.parametrize(
    "codes, factors, message",
    [
        (CODES, FACTORS[:, :1], "at least 2 factors"),
        (CODES, one_value(FACTORS), "factor 1 is always 3"),
        (CODES[:-1], FACTORS, "the same N"),
        (CODES * math.nan, FACTORS, "Codes must be finite"),
    ],
)
def test_what_cannot_be_measured(codes, factors, message):
    with pytest.raises(ValueError, match=message):
        mig_sup(codes, factors)
