import math

import numpy as np
import pytest
from scipy.special import digamma
from sklearn.feature_selection import mutual_info_classif

from tfvae.metrics import infomec
from tfvae.metrics import nearest
from tfvae.metrics.infomec import _quiet
from tfvae.metrics.infomec import _regression

# all 64 combinations of three factors of four values
FACTORS = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1)
CODES = FACTORS.astype(float)
SCORES = ["infom", "infoc", "infoe"]


def scores(codes, factors=FACTORS, **options):
    result = infomec(codes, factors, **{"discrete": True, **options})
    return [result[name] for name in SCORES]


def test_one_code_a_factor_is_perfect():
    codes = CODES[:, [2, 0, 1]] * [1, -8, 0.1]
    assert scores(codes) == pytest.approx([1, 1, 1], abs=1e-3)
    nmi = infomec(codes, FACTORS, discrete=True)["nmi"]
    np.testing.assert_allclose(nmi, np.eye(3)[[2, 0, 1]], atol=1e-12)


def test_a_factor_in_two_codes_is_not_compact():
    # half of each factor is in its best code; one of six would be chance
    compactness = (1 / 2 - 1 / 6) / (1 - 1 / 6)
    expected = [1, compactness, 1]
    codes = np.hstack([CODES, CODES])
    assert scores(codes) == pytest.approx(expected, abs=1e-3)


def test_a_code_of_two_factors_is_not_modular():
    # half of what one code knows is of its best factor; a third is chance
    modularity = (1 + (1 / 2 - 1 / 3) / (1 - 1 / 3)) / 2
    codes = np.column_stack([FACTORS @ [1, 4, 0], CODES[:, 2]])
    assert scores(codes) == pytest.approx([modularity, 1, 1], abs=1e-3)


def test_codes_that_know_a_part():
    # of the second factor, 1 and 1/2 are in two of three codes
    codes = np.column_stack([CODES[:, :2], FACTORS[:, 1] // 2])
    compactness = ((1 + 2 / 3) / 2 - 1 / 3) / (1 - 1 / 3)
    expected = [1, compactness, 1]
    assert scores(codes, FACTORS[:, :2]) == pytest.approx(expected, abs=1e-3)
    # half of the second factor can be read
    codes = np.column_stack([CODES[:, 0], FACTORS[:, 1] // 2])
    expected = [1, 1, (1 + 1 / 2) / 2]
    assert scores(codes, FACTORS[:, :2]) == pytest.approx(expected, abs=1e-3)


def test_constant_codes_do_not_count():
    codes = np.hstack([CODES, np.full([64, 3], 0.1)])
    assert scores(codes) == pytest.approx([1, 1, 1], abs=1e-3)
    active = infomec(codes, FACTORS, discrete=True)["active"]
    assert active.tolist() == [True] * 3 + [False] * 3


@pytest.mark.parametrize("discrete", [False, True])
def test_codes_that_are_all_constant_are_useless(discrete):
    codes = np.full([64, 4], 0.1)
    received = scores(codes, discrete=discrete)
    assert received == pytest.approx([0, 0, 0], abs=1e-6)


def test_a_code_that_knows_nothing_is_useless():
    received = scores(CODES[:, :1], FACTORS[:, 1:])
    assert received == pytest.approx([0, 0, 0], abs=1e-6)


def test_the_prior_does_not_depend_on_how_frequent_a_value_is():
    factors = np.stack(np.unravel_index(np.arange(64), (8, 8)), axis=1) > 5
    received = scores(np.ones([64, 2]), factors)
    assert received == pytest.approx([0, 0, 0], abs=1e-6)


def continuous(rows=500):
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 4, [rows, 3])
    return factors + 0.05 * rng.uniform(size=[rows, 3]), factors


def test_continuous_codes():
    codes, factors = continuous()
    received = scores(codes, factors, discrete=False)
    assert received == pytest.approx([1, 1, 1], abs=0.05)


def test_duplicated_continuous_codes():
    codes, factors = continuous()
    duplicated = np.hstack([codes, codes, np.ones([500, 1])])
    received = scores(duplicated, factors, discrete=False)
    assert received == pytest.approx([1, 0.4, 1], abs=0.05)
    once = scores(codes, factors, discrete=False)
    assert received[2] == pytest.approx(once[2], abs=1e-3)


def test_a_rotation_is_explicit_but_neither_modular_nor_compact():
    codes, factors = continuous()
    turn, _ = np.linalg.qr(np.random.default_rng(1).standard_normal([3, 3]))
    modularity, compactness, explicitness = scores(
        codes @ turn, factors, discrete=False
    )
    assert modularity < 0.6 and compactness < 0.6
    assert explicitness > 0.99


def test_the_seed_settles_the_result():
    codes = np.column_stack([CODES, np.random.default_rng(0).normal(size=64)])
    first, same, other = (
        infomec(codes, FACTORS, seed=seed)["nmi"] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() < 0.05


def test_codes_of_small_range_are_not_active_unless_given():
    codes, factors = continuous()
    codes = codes * [1, 0.06, 0.04]
    by_range = infomec(codes, factors)
    assert by_range["active"].tolist() == [True, True, False]
    assert by_range["infoc"] < 0.9
    given = infomec(codes, factors, active=np.ones(3, bool))
    assert given["active"].all()
    assert given["infoc"] > 0.95
    np.testing.assert_array_equal(given["nmi"], by_range["nmi"])


def test_one_active_code_has_no_compactness():
    codes, factors = continuous()
    result = infomec(codes[:, :1], factors)
    assert result["infom"] > 0.95
    assert result["infoc"] == 0


def mixed_codes():
    """A hundred quasi-Newton steps are not enough for these."""
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 10, [1000, 3])
    codes = np.tanh((factors - 4.5) @ rng.standard_normal([3, 5]) / 2.5)
    return codes + 0.03 * rng.standard_normal(codes.shape), factors


def test_the_regression_reaches_the_greatest_likelihood():
    """There the fitted probability of each value, every value weighing alike,
    is that of the value itself, also where it goes with one code."""
    codes, factors = mixed_codes()
    factor = np.where(factors[:, 0] > 6, 6, factors[:, 0])  # uneven values
    with _quiet():
        fitted = _regression(codes, factor).predict_proba(codes)
    truth = np.eye(7)[factor]
    weights = 1 / (7 * truth.mean(axis=0)[factor])
    for moment in (np.ones(len(codes)), *codes.T):
        gradient = (weights * moment) @ (fitted - truth) / len(codes)
        np.testing.assert_allclose(gradient, 0, atol=1e-5)


def test_values_that_can_be_told_apart_for_sure_are_no_trouble():
    codes, factors = mixed_codes()
    codes[factors[:, 0] == 3, 0] += 10  # one value only
    assert infomec(codes, factors)["infoe"] > infomec(*mixed_codes())["infoe"]


def test_the_regression_converges_whatever_the_basis():
    codes, factors = mixed_codes()
    rng = np.random.default_rng(1)
    first, other = (
        infomec(codes @ basis, factors)["infoe"]
        for basis in (np.eye(5), rng.standard_normal([5, 5]))
    )
    assert first == pytest.approx(other, abs=1e-5)


def factor_of_uneven_values():
    factor = np.random.default_rng(0).integers(0, 30, 1000)
    factor[:2] = [30, 31]  # values of a single row
    factor[2:6] = 32  # fewer rows than neighbours
    return factor[:, np.newaxis]


def test_the_neighbor_estimate_is_that_of_scikit_learn():
    factor = factor_of_uneven_values()
    noise = np.random.default_rng(1).standard_normal([1000, 3])
    codes = noise * [0.1, 3, 10] + factor
    codes[:, 2] = np.exp(codes[:, 2] / 5)
    expected = mutual_info_classif(
        codes, factor[:, 0], n_neighbors=10, random_state=0
    )
    received = nearest.mutual_information(codes, factor, 10, 0)[:, 0]
    np.testing.assert_allclose(received, expected, rtol=1e-3)


@pytest.mark.parametrize("width", [0, 1e-3])
def test_the_neighbor_estimate_where_values_do_not_overlap(width):
    factor = factor_of_uneven_values()
    code = factor + width * np.random.default_rng(1).standard_normal([1000, 1])
    _, counts = np.unique(factor, return_counts=True)
    counts = counts[counts > 1]
    # all rows nearer than a neighbour of the same value are of that value
    expected = digamma(998) - np.average(digamma(counts), weights=counts)
    received = nearest.mutual_information(code, factor, 10, 0)
    np.testing.assert_allclose(received, expected, rtol=1e-3)


def test_a_factor_with_no_value_twice_has_no_neighbors():
    factor = np.arange(20)[:, np.newaxis]
    assert nearest.mutual_information(factor * 1.0, factor, 10, 0) == 0


def test_golden(golden):
    expected = golden.infomec
    small = golden.name == "monotone"  # has a code of too small a range
    active = np.arange(10) < 5 if small else None
    result = infomec(golden.train_codes, golden.train_factors, active=active)
    infoc = 0.998 if small else expected["infoc"]
    assert result["infom"] == pytest.approx(expected["infom"], abs=0.005)
    assert result["infoc"] == pytest.approx(infoc, abs=0.005)
    assert result["infoe"] == pytest.approx(
        expected["infoe_max_iter_1000"], abs=1e-3
    )
    np.testing.assert_allclose(
        result["nmi"], np.transpose(expected["nmi"]), atol=0.005
    )
    if not small:
        assert result["active"].tolist() == expected["active_latents"]


@pytest.mark.parametrize("golden", ["monotone"], indirect=True)
def test_golden_range_rule(golden):
    rows = slice(1000)
    result = infomec(golden.train_codes[rows], golden.train_factors[rows])
    assert result["active"].tolist() == golden.infomec["active_latents"]


@pytest.mark.parametrize("golden", ["monotone"], indirect=True)
def test_golden_discrete(golden):
    *modularity_and_compactness, explicitness = scores(
        golden.train_codes, golden.train_factors
    )
    expected = [0.9688046221, 0.9686146141]
    assert modularity_and_compactness == pytest.approx(expected, abs=1e-6)
    # its supremum is 1: the value is that of the step the regression ends with
    assert explicitness == pytest.approx(0.999756174, abs=1e-4)


@pytest.mark.parametrize(
    "codes, factors, options, message",
    [
        (CODES, FACTORS[:, :1], {}, "at least 2 factors"),
        (CODES, FACTORS * [1, 0, 1], {}, "factor 1 is always 0"),
        (CODES[:-1], FACTORS, {}, "the same N"),
        (CODES * math.nan, FACTORS, {}, "Codes must be finite"),
        (CODES, FACTORS, {"neighbors": 0}, "at least 1"),
        (CODES, FACTORS, {"active": [True, False]}, "one bool a code"),
        (CODES, FACTORS, {"active": [0, 1, 2]}, "one bool a code"),
    ],
)
def test_what_cannot_be_measured(codes, factors, options, message):
    with pytest.raises(ValueError, match=message):
        infomec(codes, factors, **options)


def test_one_neighbour_at_codes_that_coincide():
    factors = np.arange(1000)[:, np.newaxis] % np.array([4, 5])
    known = nearest.mutual_information(factors * 1.0, factors, 1, 0)
    np.testing.assert_allclose(np.diag(known), np.log([4, 5]), rtol=0.3)
