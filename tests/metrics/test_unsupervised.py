import math

import numpy as np
import pytest

from tfvae.metrics import unsupervised

# all 64 combinations of three independent codes, of unit variance
CODES = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
CODES = (CODES - 1.5) / np.std(CODES, axis=0, ddof=1)
SCORES = [
    "gaussian_total_correlation",
    "wasserstein_correlation",
    "wasserstein_correlation_normalized",
    "mutual_information",
]


def test_independent_codes_score_nothing():
    result = unsupervised(CODES * [1, 0.01, 100] + 3)
    for name in SCORES:
        assert result[name] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("r", [0.1, -0.6, 0.99])
def test_two_codes_of_a_known_correlation(r):
    x, y = CODES[:, 0], CODES[:, 1]
    result = unsupervised(np.column_stack([x, r * x + math.sqrt(1 - r**2) * y]))
    np.testing.assert_allclose(
        result["covariance"], [[1, r], [r, 1]], atol=1e-12
    )
    distance = 4 - 2 * (math.sqrt(1 + r) + math.sqrt(1 - r))
    expected = [-math.log(1 - r**2) / 2, distance, distance / 2]
    for name, value in zip(SCORES, expected, strict=False):
        assert result[name] == pytest.approx(value)


def test_information_is_a_mean_over_pairs():
    result = unsupervised(CODES[:, [0, 0, 1]])
    assert result["mutual_information"] == pytest.approx(math.log(4) / 3)
    np.testing.assert_allclose(
        result["mutual_informations"],
        math.log(4) * np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]),
        atol=1e-12,
    )


def test_only_the_information_sees_a_rotation_of_equal_variances():
    x, y = CODES[:, 0], CODES[:, 1]
    result = unsupervised(np.column_stack([x + y, x - y]))
    assert result["gaussian_total_correlation"] == pytest.approx(0, abs=1e-9)
    assert result["wasserstein_correlation"] == pytest.approx(0, abs=1e-9)
    assert result["mutual_information"] > 0.5


def test_a_code_that_follows_from_others_makes_the_correlation_infinite():
    codes = np.column_stack([CODES, CODES @ [0.3, 0.1, -7]])
    assert unsupervised(codes)["gaussian_total_correlation"] == math.inf


def test_a_duplicated_code_has_a_finite_distance():
    result = unsupervised(CODES[:, [0, 0]])
    assert result["gaussian_total_correlation"] == math.inf
    expected = 4 - 2 * math.sqrt(2)
    assert result["wasserstein_correlation"] == pytest.approx(expected)


def test_constant_codes_are_left_out_but_for_the_information():
    codes = CODES[:, [0, 1, 2]] @ [[1, 0.5], [0, 1], [0, 0]]
    alone = unsupervised(codes)
    beside = unsupervised(np.hstack([codes, np.full([64, 2], 0.1)]))
    for name in SCORES[:3]:
        assert beside[name] == pytest.approx(alone[name])
    expected = alone["mutual_information"] * 2 / 12
    assert beside["mutual_information"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "codes", [np.full([64, 3], 0.1), np.zeros([64, 1]), CODES[:, :1]]
)
def test_a_single_code_and_constant_ones_score_nothing(codes):
    result = unsupervised(codes)
    assert [result[name] for name in SCORES] == [0, 0, 0, 0]


def test_golden(golden):
    expected = golden.fixed["unsupervised"]
    expected = [
        expected["gaussian_total_correlation"],
        expected["gaussian_wasserstein_correlation"],
        expected["gaussian_wasserstein_correlation_norm"],
        expected["mutual_info_score"],
    ]
    if golden.name == "monotone":  # constant codes: the reference has NaN
        alone = unsupervised(golden.train_codes[:, :5])
        expected[0] = alone["gaussian_total_correlation"]
    result = unsupervised(golden.train_codes)
    received = [result[name] for name in SCORES]
    np.testing.assert_allclose(received, expected, atol=1e-8)


@pytest.mark.parametrize(
    "codes, message",
    [
        (CODES[0], "Codes must be"),
        (CODES[:1], "at least 2 rows"),
        (CODES * math.nan, "Codes must be finite"),
        (CODES * math.inf, "Codes must be finite"),
    ],
)
def test_codes_that_cannot_be_measured(codes, message):
    with pytest.raises(ValueError, match=message):
        unsupervised(codes)
