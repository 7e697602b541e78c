import numpy as np
import pytest

from tfvae.metrics import factor_vae_score

GRID = np.stack(np.unravel_index(np.arange(60), (3, 4, 5)), axis=1)
BINARY = np.stack(np.unravel_index(np.arange(4), (2, 2)), axis=1)
RNG = np.random.default_rng(0)
LARGE = RNG.integers([3, 4, 5], size=[20_000, 3])
ROTATION = np.linalg.qr(RNG.normal(size=[3, 3]))[0]


def of(codes, factors=GRID, train_points=1000, test_points=1000, **options):
    sizes = {"train_points": train_points, "test_points": test_points}
    return factor_vae_score(codes, factors, **sizes, **options)


def test_votes_of_two_images_by_hand():
    # with factor 1 held, half of the pairs share factor 0 too: a tie of two
    # variances of 0, which code 0 wins
    result = of(
        BINARY, BINARY, batch_size=2, train_points=8000, test_points=4000
    )
    votes = result["votes"] / 8000
    np.testing.assert_allclose(votes, [[0.5, 0], [0.25, 0.25]], atol=0.02)
    assert result["factor_vae_score"] == pytest.approx(0.75, abs=0.02)
    assert result["train"] == votes[0, 0] + votes[1, 1]


def test_variances_are_relative_to_those_of_all_images():
    # either code is noise of a tenth of its spread; only one is large
    noise = np.random.default_rng(1).normal(size=[len(LARGE), 2])
    codes = (LARGE[:, :2] + 0.1 * noise) * [1, 1000]
    assert of(codes, LARGE[:, :2])["factor_vae_score"] == 1


@pytest.mark.parametrize(
    "codes",
    [GRID, np.hstack([GRID, GRID]), GRID * [-1, 100, 1]],
    ids=["perfect", "duplicated", "scaled"],
)
def test_codes_that_score_1(codes):
    result = of(codes)
    assert result["factor_vae_score"] == result["train"] == 1
    assert result["active"].all()
    assert result["hits"].shape == (1000,)
    assert result["hits"].all()


def test_a_rotation_scores_1():
    """A known weakness, shared with the reference."""
    codes = (LARGE - LARGE.mean(axis=0)) / LARGE.std(axis=0) @ ROTATION
    assert of(codes, LARGE)["factor_vae_score"] > 0.99


def test_noise_scores_as_chance():
    codes = np.random.default_rng(1).normal(size=[len(LARGE), 4])
    score = of(codes, LARGE)["factor_vae_score"]
    assert score == pytest.approx(1 / 3, abs=0.05)


@pytest.mark.parametrize("threshold", [0, 0.05])
def test_constant_codes_get_no_vote(threshold):
    codes = np.hstack([GRID, np.full([60, 3], 0.1)])
    result = of(codes, threshold=threshold)
    assert result["factor_vae_score"] == 1
    assert result["active"].tolist() == [True] * 3 + [False] * 3
    assert (result["votes"].sum(axis=0) > 0).tolist() == [True] * 3 + [
        False
    ] * 3


def test_codes_below_the_threshold_are_left_out():
    codes = GRID / GRID.std(axis=0) * [0.04, 0.06, 0.06]
    assert of(codes)["active"].tolist() == [False, True, True]
    assert of(codes, threshold=0.03)["active"].all()


def test_without_active_codes_the_score_is_0():
    result = of(0.01 * GRID)
    assert result["factor_vae_score"] == result["train"] == 0
    assert result["votes"].tolist() == [[0] * 3] * 3
    assert not result["hits"].any()


def test_one_training_vote_predicts_one_factor_for_its_code():
    result = of(GRID, train_points=1)
    assert result["train"] == 1
    assert result["votes"].sum() == 1
    assert 0.2 < result["factor_vae_score"] < 0.8


def test_the_seed_decides_the_draw():
    codes = LARGE + 3 * np.random.default_rng(1).normal(size=LARGE.shape)
    first, same, other = (of(codes, LARGE, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first["hits"], same["hits"])
    assert (first["hits"] != other["hits"]).any()
    assert first["factor_vae_score"] == pytest.approx(
        other["factor_vae_score"], abs=0.08
    )


@pytest.mark.parametrize(
    "name, threshold", [("factor_vae", 0.05), ("factor_vae_threshold0", 0)]
)
def test_golden(golden, name, threshold):
    result = of(golden.train_codes, golden.train_factors, threshold=threshold)
    if golden.name == "monotone":  # the reference: NaN wins, 0.2 at threshold 0
        expected = 1
    else:
        expected = golden.sampled[name]["mean"]["eval_accuracy"]
    assert result["factor_vae_score"] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"train_points": 0}, "`train_points` must be at least 1"),
        ({"test_points": 0}, "`test_points` must be at least 1"),
        ({"batch_size": 1}, "`batch_size` must be at least 2"),
        ({"variance_images": 1}, "`variance_images` must be at least 2"),
        ({"threshold": -1}, "must not be negative. Received: threshold=-1"),
        ({"threshold": float("nan")}, "Received: threshold=nan"),
    ],
)
def test_arguments_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        factor_vae_score(GRID, GRID, **options)


def test_arrays_that_cannot_be_measured():
    with pytest.raises(ValueError, match="at least 2 factors"):
        factor_vae_score(GRID, GRID[:, :1])
    with pytest.raises(ValueError, match="NaN or infinity"):
        factor_vae_score(np.full([60, 1], np.nan), GRID)
    with pytest.raises(ValueError, match="factor 1 is always 0"):
        factor_vae_score(GRID, GRID * [1, 0, 1])
