import math

import numpy as np
import pytest

from tfvae.metrics import active_units

SIGNS = np.array([1.0, -1.0] * 50)[:, np.newaxis]


def test_codes_count_whose_variance_exceeds_the_threshold():
    result = active_units(SIGNS * [1, 0.2, 0.09, 0.01, 0] + 3)
    np.testing.assert_allclose(
        result["variances"], [1, 0.04, 0.0081, 0.0001, 0], atol=1e-12
    )
    assert result["active"].tolist() == [True, True, False, False, False]
    assert result["active_units"] == 2
    assert type(result["active_units"]) is float


def test_a_variance_of_just_the_threshold_is_not_enough():
    codes = SIGNS * [0.5, 0.75]
    assert active_units(codes, threshold=0.25)["active_units"] == 1


def test_a_threshold_of_0_leaves_the_constant_codes_out():
    codes = SIGNS * [1e-6, 0]
    assert active_units(codes, threshold=0)["active_units"] == 1


@pytest.mark.parametrize("codes", [np.ones([9, 4]), np.zeros([9, 1])])
def test_constant_codes_are_not_active(codes):
    assert active_units(codes)["active_units"] == 0


def test_golden(golden):
    known = {"monotone": 5, "rotated": 5, "split": 7}
    result = active_units(golden.train_codes)
    # of the monotone codes, the smallest has a variance of 0.02
    assert result["active_units"] == known[golden.name]
    assert not result["active"][7:].any()


@pytest.mark.parametrize(
    "codes, options, message",
    [
        (SIGNS[:, 0], {}, "Codes must be"),
        (SIGNS[:1], {}, "at least 2 rows"),
        (SIGNS[:, :0], {}, "a column"),
        (SIGNS * math.nan, {}, "Codes must be finite"),
        (SIGNS, {"threshold": -0.1}, "must not be negative"),
    ],
)
def test_what_cannot_be_counted(codes, options, message):
    with pytest.raises(ValueError, match=message):
        active_units(codes, **options)
