import numpy as np
import pytest

from tfvae.metrics import checks

V = np.stack(np.unravel_index(np.arange(12), (3, 4)), axis=1)
Z = V.astype("float32")


def test_codes_come_back_in_double_precision():
    codes, factors = checks.checked(Z.tolist(), V.tolist())
    assert codes.dtype == np.float64
    np.testing.assert_array_equal(factors, V)


@pytest.mark.parametrize(
    ("codes", "factors", "message"),
    [
        (Z[:5], V, r"Received: codes \(5, 2\), factors \(12, 2\)"),
        (Z[:, 0], V, r"Received: codes \(12,\)"),
        (np.where(Z == 1, np.nan, Z), V, "Received: NaN or infinity"),
        (Z, np.zeros_like(V), "Received: factor 0 is always 0"),
    ],
)
def test_arrays_that_cannot_be_measured(codes, factors, message):
    with pytest.raises(ValueError, match=message):
        checks.checked(codes, factors)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((Z, V, Z[:, :1], V), "2 in training, 1 in the test"),
        ((Z, V, Z, V[:, :1]), "2 in training, 1 in the test"),
        ((Z[:8], V[:8], Z, V), r"Received: factor 0 without \[2\]"),
    ],
)
def test_parts_that_do_not_belong_together(parts, message):
    with pytest.raises(ValueError, match=message):
        checks.checked_split(*parts)


def test_a_gap_needs_two_codes():
    checks.at_least_two_codes(Z)
    with pytest.raises(ValueError, match="at least 2 codes"):
        checks.at_least_two_codes(Z[:, :1])


@pytest.mark.parametrize(
    "codes, factors",
    [
        (np.ones([0, 2]), np.ones([0, 1])),
        (np.ones([3, 0]), np.arange(3)[:, np.newaxis]),
        (np.ones([3, 2]), np.ones([3, 0])),
    ],
)
def test_nothing_at_all_is_an_error(codes, factors):
    with pytest.raises(ValueError, match="none 0"):
        checks.checked(codes, factors)


def test_a_factor_that_is_nan_is_an_error():
    with pytest.raises(ValueError, match="Factors.*NaN"):
        checks.checked(np.ones([2, 1]), [[0.0], [np.nan]])


def test_parts_may_have_other_values_where_none_are_classified():
    codes, factors = np.arange(4.0)[:, np.newaxis], np.arange(4)[:, np.newaxis]
    parts = codes, factors, codes[:3], factors[:3]
    with pytest.raises(ValueError, match="both parts"):
        checks.checked_split(*parts)
    kept = checks.checked_split(*parts, same_values=False)
    np.testing.assert_array_equal(kept[3], factors[:3])
