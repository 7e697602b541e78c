import json
import math
from pathlib import Path

import numpy as np
import pytest

from tfvae.metrics.udr import relative_strength
from tfvae.metrics.udr import udr

# all 64 combinations of three independent codes
CODES = np.stack(np.unravel_index(np.arange(64), (4, 4, 4)), axis=1) * 1.0
X, Y = CODES[:, 0], CODES[:, 1]
OTHER = CODES[:, [2, 2]]


def scores(*models, **options):
    """Of models that use all their codes."""
    codes = [np.column_stack(model) for model in models]
    return udr(codes, [np.ones(c.shape[1]) for c in codes], **options)


@pytest.mark.parametrize("estimator, score", [("spearman", 1), ("lasso", 0.9)])
def test_order_sign_and_scale_do_not_matter(estimator, score):
    result = scores([X, Y], [-8 * Y, 0.01 * X + 3], estimator=estimator)
    np.testing.assert_allclose(result["udr"], [score, score])
    np.testing.assert_allclose(
        result["pairs"], [[math.nan, score], [score, math.nan]]
    )


def test_the_lasso_shrinks_by_its_penalty():
    for alpha in (0.01, 0.5):
        result = scores([X, Y], [X, Y], alpha=alpha)
        np.testing.assert_allclose(result["udr"], 1 - alpha)


def test_ranks_see_no_difference_between_monotone_codes():
    result = scores([X, Y], [np.exp(2 * X), -(Y**3)], estimator="spearman")
    np.testing.assert_allclose(result["udr"], 1)


def test_a_rotation_halves_what_the_lasso_finds():
    result = scores([X, Y], [X + Y, X - Y])
    np.testing.assert_allclose(result["udr"], (math.sqrt(0.5) - 0.1) / 2)


def test_two_codes_for_one_are_charged_on_one_side():
    # for each of the two 1 of 1, for the one behind them 1 of 2
    result = scores([X, Y], [X, X, Y, -Y], estimator="spearman")
    np.testing.assert_allclose(result["udr"], (1 + 0.5) / 2)


@pytest.mark.parametrize("estimator", ["lasso", "spearman"])
def test_models_of_different_things_do_not_agree(estimator):
    result = scores([X, Y], OTHER.T, estimator=estimator)
    np.testing.assert_allclose(result["udr"], 0, atol=1e-12)


def test_one_model_of_four_that_fails_does_not_harm_the_others():
    result = scores([X, Y], [Y, X], [X, -Y], OTHER.T, estimator="spearman")
    np.testing.assert_allclose(result["udr"], [1, 1, 1, 0], atol=1e-12)


@pytest.mark.parametrize("estimator, score", [("spearman", 1), ("lasso", 0.9)])
def test_codes_of_little_divergence_are_left_out(estimator, score):
    noise = np.random.default_rng(0).standard_normal([64, 3])
    codes = [CODES[:, :2], np.column_stack([X, noise, Y])]
    kl = [np.ones(2), [2, 0.01, 0.001, 0, 0.02]]
    result = udr(codes, kl, estimator=estimator)
    np.testing.assert_allclose(result["udr"], score)
    result = udr(codes, kl, estimator=estimator, threshold=0.005)
    assert (result["udr"] < score - 0.1).all()


@pytest.mark.parametrize("estimator, score", [("spearman", 1), ("lasso", 0.9)])
def test_a_constant_code_agrees_with_nothing(estimator, score):
    result = scores([X, Y], [X, np.full(64, 0.1)], estimator=estimator)
    np.testing.assert_allclose(result["udr"], score / 2)


@pytest.mark.parametrize("estimator", ["lasso", "spearman"])
def test_a_model_without_informative_codes_scores_nothing(estimator):
    kl = [np.ones(3), np.zeros(3), np.zeros(3)]
    result = udr([CODES, CODES, CODES], kl, estimator=estimator)
    np.testing.assert_array_equal(result["udr"], [0, 0, 0])


@pytest.mark.parametrize("estimator, score", [("spearman", 1), ("lasso", 0.9)])
def test_models_of_a_single_code(estimator, score):
    result = scores([X], [-X], estimator=estimator)
    np.testing.assert_allclose(result["udr"], score)


def test_relative_strength_golden():
    golden = json.loads((Path(__file__).parent / "golden.json").read_text())
    example = golden["udr"]["relative_strength_example"]
    score = relative_strength(np.array(example["matrix"]))
    assert score == pytest.approx(example["score"], abs=1e-8)


@pytest.mark.parametrize(
    "estimator, tolerance, pairs",
    [
        (
            "lasso",
            1e-3,
            [
                [math.nan, 0.4009472937, 0.4712282242],
                [0.4049373587, math.nan, 0.6856224855],
                [0.4719183325, 0.6854922848, math.nan],
            ],
        ),
        (
            "spearman",
            1e-6,
            [
                [math.nan, 0.3635643596, 0.4590060089],
                [0.3635643596, math.nan, 0.6959059745],
                [0.4590060089, 0.6959059745, math.nan],
            ],
        ),
    ],
)
def test_golden(golden_arrays, estimator, tolerance, pairs):
    """disentanglement_lib: rotated, split and monotone, 1,000 test images."""
    names = ["rotated", "split", "monotone"]
    codes = [golden_arrays[f"{name}_test"][:1000] / 4096 for name in names]
    kl = [np.where(np.arange(10) < used, 1, 0.001) for used in (5, 7, 5)]
    result = udr(codes, kl, estimator=estimator)
    np.testing.assert_allclose(result["pairs"], pairs, atol=tolerance)
    np.testing.assert_allclose(
        result["udr"], np.nanmedian(pairs, axis=0), atol=tolerance
    )


@pytest.mark.parametrize(
    "codes, kl, options, message",
    [
        ([CODES] * 2, [np.ones(3)] * 2, {"estimator": "laso"}, "'lasso'"),
        ([CODES], [np.ones(3)], {}, "At least 2 models"),
        ([CODES] * 2, [np.ones(3)], {}, "divergences of 1"),
        ([CODES, CODES[:9]], [np.ones(3)] * 2, {}, "the same images"),
        ([CODES] * 2, [np.ones(3), np.ones(2)], {}, "one finite number a code"),
        ([CODES] * 2, [np.ones(3), [1, math.nan, 1]], {}, "finite number"),
        ([CODES, CODES * math.nan], [np.ones(3)] * 2, {}, "must be finite"),
        ([CODES, X], [np.ones(3)] * 2, {}, "Codes must be"),
    ],
)
def test_what_cannot_be_ranked(codes, kl, options, message):
    with pytest.raises(ValueError, match=message):
        udr(codes, kl, **options)
