import json
from pathlib import Path

import numpy as np
import pytest

from tfvae.metrics import dci
from tfvae.metrics.dci import completeness
from tfvae.metrics.dci import disentanglement

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())["dci"]
FAST = ["histogram", "random_forest", "lasso"]
ALL = FAST + ["gradient_boosting"]
RNG = np.random.default_rng(0)
FACTORS = np.stack(np.unravel_index(np.arange(600) % 12, (3, 4)), axis=1)
CODES = FACTORS - FACTORS.mean(axis=0)
NOISE = RNG.standard_normal([600, 2])
ROTATION = np.array([[1, -1], [1, 1]]) / 2**0.5


def of(codes, factors=FACTORS, **options) -> dict:
    """Trains on the first rows and scores the others."""
    return dci(
        codes[:400], factors[:400], codes[400:], factors[400:], **options
    )


@pytest.mark.parametrize(
    "importances, of_codes, of_factors",
    [
        (np.eye(3), [1, 1, 1], [1, 1, 1]),
        (np.ones([3, 3]), [0, 0, 0], [0, 0, 0]),
        # a code of two factors, two codes of a factor
        ([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
         [0.5, 1, 1, 1], [1, 1, 0.5, 1]),
        # nothing in the second code, nothing of the second factor
        ([[1, 0], [0, 0]], [1, 0], [1, 0]),
        (np.zeros([2, 2]), [0, 0], [0, 0]),
        ([[2.0]], [1], [1]),
    ],
)  # fmt: skip
def test_codes_and_factors_by_hand(importances, of_codes, of_factors):
    for function, expected in (
        (disentanglement, of_codes),
        (completeness, of_factors),
    ):
        each = function(importances)[1]
        np.testing.assert_allclose(each, expected, atol=1e-12)


def test_codes_weigh_by_their_importance():
    # 3 of 5 parts are of a code that scores 1, 2 of one that scores 0
    importances = [[3, 0], [1, 1], [0, 0]]
    assert disentanglement(importances)[0] == pytest.approx(3 / 5)
    # 4 of 5 parts in 3 : 1 of three codes, 1 part in one code
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)) / np.log(3)
    expected = 4 / 5 * (1 - entropy) + 1 / 5
    assert completeness(importances)[0] == pytest.approx(expected)


def test_no_importance_at_all_scores_0():
    assert disentanglement(np.zeros([3, 2]))[0] == 0


def test_rounding_is_no_importance():
    assert disentanglement([[1, 0], [0, 1e-15]])[1].tolist() == [1, 0]


@pytest.mark.parametrize("wrong", [[[-1, 1]], [[np.nan, 1]], [1, 2]])
def test_importances_are_a_matrix_of_finite_positive_numbers(wrong):
    with pytest.raises(ValueError, match="Importances must be"):
        disentanglement(wrong)


@pytest.mark.parametrize("case", sorted(GOLDEN))
def test_aggregation_as_the_reference(case):
    expected = GOLDEN[case]
    for function, name, parts in (
        (disentanglement, "disentanglement", "disentanglement_per_code"),
        (completeness, "completeness", "completeness_per_factor"),
    ):
        score, each = function(expected["importance_matrix"])
        assert score == pytest.approx(expected[name], abs=1e-6)
        np.testing.assert_allclose(each, expected[parts], atol=1e-6)


@pytest.mark.parametrize("estimator", ALL)
def test_a_code_a_factor(estimator):
    result = of(CODES, estimator=estimator)
    for name in ("disentanglement", "completeness"):
        assert result[name] == pytest.approx(1, abs=1e-3)
    # lasso shrinks
    assert result["informativeness"] == pytest.approx(1, abs=0.03)
    assert result["error"] == pytest.approx(1 - result["informativeness"])
    assert result["train"] == pytest.approx(1, abs=0.03)
    shares = result["importances"] / result["importances"].sum(axis=0)
    np.testing.assert_allclose(shares, np.eye(2), atol=1e-3)


@pytest.mark.parametrize("estimator", FAST)
def test_half_of_the_codes_dead(estimator):
    result = of(np.hstack([CODES, np.full([600, 2], 7.0)]), estimator=estimator)
    assert result["disentanglement"] == pytest.approx(1, abs=1e-3)
    assert result["completeness"] == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(result["codes"], [1, 1, 0, 0], atol=1e-3)


@pytest.mark.parametrize("estimator", FAST)
def test_a_rotation_mixes_the_codes(estimator):
    result = of(CODES / CODES.std(axis=0) @ ROTATION, estimator=estimator)
    assert result["disentanglement"] < 0.3
    assert result["completeness"] < 0.3
    assert result["informativeness"] > 0.9


@pytest.mark.parametrize("estimator", ["histogram", "random_forest"])
def test_codes_of_noise_know_nothing(estimator):
    result = of(NOISE, estimator=estimator)
    assert result["disentanglement"] < 0.1
    assert result["completeness"] < 0.1
    assert result["informativeness"] < 0.4 < result["train"]


def test_lasso_leaves_noise_no_better_than_the_mean():
    result = of(NOISE, estimator="lasso")
    assert result["error"] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("estimator", ["histogram", "random_forest"])
def test_copies_share_the_importance(estimator):
    result = of(np.hstack([CODES, CODES]), estimator=estimator)
    assert result["disentanglement"] == pytest.approx(1, abs=1e-3)
    # two codes of four each: log 2 / log 4
    assert result["completeness"] == pytest.approx(0.5, abs=0.2)


def test_the_reference_and_its_fast_stand_in_see_the_same():
    codes = CODES @ [[1, 0.4], [0.2, 1]] + 0.3 * NOISE
    reference, fast = (
        of(codes, estimator=name) for name in ("gradient_boosting", "histogram")
    )
    for name in ("disentanglement", "completeness", "informativeness"):
        assert fast[name] == pytest.approx(reference[name], abs=0.05)


def test_fast_scores_of_the_golden_cases(golden):
    # of all five factors they come within 0.02, but take 10 s a case
    some = [0, 1, 4]
    result = dci(
        golden.train_codes,
        golden.train_factors[:, some],
        golden.test_codes,
        golden.test_factors[:, some],
    )
    reference = np.array(golden.dci["importance_matrix"])[:, some]
    np.testing.assert_allclose(result["importances"], reference, atol=0.05)
    expected = disentanglement(reference)[0]
    assert result["disentanglement"] == pytest.approx(expected, abs=0.03)
    expected = completeness(reference)[0]
    assert result["completeness"] == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("estimator", ALL)
def test_the_test_part_is_scored(estimator):
    codes = CODES.copy()
    codes[400:] *= -1
    result = of(codes, estimator=estimator)
    assert result["informativeness"] < 0.5 < result["train"]


@pytest.mark.parametrize("estimator", ["histogram", "random_forest"])
def test_scale_and_offset_do_not_matter(estimator):
    scores = [
        of(codes, estimator=estimator)["disentanglement"]
        for codes in (CODES + NOISE, (CODES + NOISE) * [64, 0.125] + 8)
    ]
    assert scores[1] == pytest.approx(scores[0], abs=1e-6)


@pytest.mark.parametrize("estimator", ["histogram", "random_forest"])
def test_a_seed_gives_the_same_again(estimator):
    codes = np.hstack([CODES, CODES])
    first, again, other = (
        of(codes, estimator=estimator, seed=seed)["importances"]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(again, first)
    assert (other != first).any()


@pytest.mark.parametrize("estimator", ALL)
def test_constant_codes_score_0(estimator):
    result = of(np.ones([600, 2]), estimator=estimator)
    assert result["disentanglement"] == result["completeness"] == 0
    assert (result["importances"] == 0).all()


@pytest.mark.parametrize("estimator", FAST)
def test_one_code(estimator):
    result = of(CODES @ [[1.0], [0.1]], estimator=estimator)
    assert result["importances"].shape == (1, 2)
    assert result["completeness"] == 1
    assert result["disentanglement"] < 1


def test_values_need_not_count_from_0():
    result = of(CODES, FACTORS * 7 - 3)
    assert result["informativeness"] == 1


def test_nan_is_an_error():
    with pytest.raises(ValueError, match="finite"):
        of(np.where(CODES > 1, np.nan, CODES))


def test_a_factor_with_one_value_is_an_error():
    with pytest.raises(ValueError, match="at least 2 values"):
        of(CODES, np.zeros_like(FACTORS))


def test_a_value_that_training_lacks_is_an_error():
    factors = FACTORS.copy()
    factors[-1] = 9
    with pytest.raises(ValueError, match="factor 0 without"):
        of(CODES, factors)


def test_an_unknown_estimator_names_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'random_forest'"):
        of(CODES, estimator="forest")


def test_a_single_factor_cannot_be_disentangled():
    with pytest.raises(ValueError, match="at least 2 factors"):
        of(CODES, FACTORS[:, :1])


def test_a_value_that_one_part_lacks_is_an_error_but_for_lasso():
    rare = FACTORS.copy()
    rare[0, 0] = 99
    with pytest.raises(ValueError, match="both parts"):
        dci(CODES, rare, CODES, FACTORS)
    assert "error" in dci(CODES, rare, CODES, FACTORS, estimator="lasso")
