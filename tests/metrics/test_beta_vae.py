import numpy as np
import pytest

from tfvae.metrics import beta_vae
from tfvae.metrics import beta_vae_score

GRID = np.stack(np.unravel_index(np.arange(60), (3, 4, 5)), axis=1)
BINARY = np.stack(np.unravel_index(np.arange(4), (2, 2)), axis=1)
RNG = np.random.default_rng(0)
LARGE = RNG.integers([3, 4, 5], size=[20_000, 3])
ROTATION = np.linalg.qr(RNG.normal(size=[3, 3]))[0]


def of(codes, factors=GRID, train_points=1000, test_points=1000, **options):
    sizes = {"train_points": train_points, "test_points": test_points}
    return beta_vae_score(codes, factors, **sizes, **options)


def test_the_score_of_single_pairs_by_hand():
    # the code of the factor not held differs in half of the pairs, and tells;
    # where none differs, the classifier can but guess
    result = of(
        BINARY, BINARY, batch_size=1, train_points=5000, test_points=5000
    )
    assert result["beta_vae_score"] == pytest.approx(0.75, abs=0.02)
    assert result["train"] == pytest.approx(0.75, abs=0.02)


def test_each_pair_has_a_value_of_its_own():
    # E|v_0 (v_1 - v_1')| = 1/2 8/9 and E|v_1 (v_0 - v_0')| = 1 1/2; were a
    # value shared by all pairs of a point, no threshold would reach 0.6
    factors = np.stack(np.unravel_index(np.arange(6), (2, 3)), axis=1)
    codes = 100 * factors.prod(axis=1, keepdims=True)
    result = of(
        codes, factors, batch_size=4000, train_points=200, test_points=200
    )
    assert result["beta_vae_score"] > 0.97


@pytest.mark.parametrize(
    "codes",
    [
        GRID,
        np.hstack([GRID, GRID]),
        np.hstack([GRID, np.zeros([60, 3])]),
        (GRID - GRID.mean(axis=0)) / GRID.std(axis=0) @ ROTATION,
        GRID[:, :2],
    ],
    ids=["perfect", "duplicated", "half dead", "rotated", "all but one"],
)
def test_codes_that_score_1(codes):
    result = of(codes)
    assert result["beta_vae_score"] == result["train"] == 1
    assert result["hits"].shape == (1000,)
    assert result["hits"].all()


def test_noise_scores_as_chance():
    codes = np.random.default_rng(1).normal(size=[len(LARGE), 4])
    assert of(codes, LARGE)["beta_vae_score"] == pytest.approx(1 / 3, abs=0.05)


def test_constant_codes_score_as_chance():
    score = of(np.ones([60, 2]))["beta_vae_score"]
    assert score == pytest.approx(1 / 3, abs=0.05)


def test_codes_of_small_scale_score_as_chance():
    score = of(1e-4 * GRID)["beta_vae_score"]
    assert score == pytest.approx(1 / 3, abs=0.05)


def test_the_seed_decides_the_draw():
    codes = LARGE + 3 * np.random.default_rng(1).normal(size=LARGE.shape)
    first, same, other = (of(codes, LARGE, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first["hits"], same["hits"])
    assert (first["hits"] != other["hits"]).any()
    assert first["beta_vae_score"] == pytest.approx(
        other["beta_vae_score"], abs=0.08
    )


def test_golden(golden):
    expected = golden.sampled["beta_vae"]["mean"]["eval_accuracy"]
    result = of(golden.train_codes, golden.train_factors, train_points=3000)
    assert result["beta_vae_score"] == pytest.approx(expected, abs=0.01)


def test_points_of_ones_own_are_scored_on_the_test_part():
    points, labels = np.array([[0, 9], [9, 0], [9, 0]]), np.array([0, 1, 1])
    result = beta_vae.score_points(points, labels, points, [0, 1, 0])
    assert result["train"] == 1
    assert result["hits"].tolist() == [True, True, False]
    assert result["beta_vae_score"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("points", "labels", "message"),
    [
        (np.ones([3, 2]), [0, 1], r"points \(3, 2\), labels \(2,\)"),
        (np.ones([0, 2]), [], r"points \(0, 2\)"),
        (np.full([2, 2], np.nan), [0, 1], "Received: NaN or infinity"),
        (np.ones([2, 2]), [1, 1], "Received: 2 points of factor 1"),
    ],
)
def test_points_that_cannot_be_fitted(points, labels, message):
    with pytest.raises(ValueError, match=message):
        beta_vae.score_points(points, labels, np.ones([1, 2]), [0])


@pytest.mark.parametrize("name", ["train_points", "test_points", "batch_size"])
def test_sizes_below_1(name):
    with pytest.raises(ValueError, match=f"`{name}` must be at least 1"):
        beta_vae_score(GRID, GRID, **{name: 0})


def test_arrays_that_cannot_be_measured():
    with pytest.raises(ValueError, match="at least 2 factors"):
        beta_vae_score(GRID, GRID[:, :1])
    with pytest.raises(ValueError, match="NaN or infinity"):
        beta_vae_score(np.full([60, 1], np.nan), GRID)
    with pytest.raises(ValueError, match="factor 1 is always 0"):
        beta_vae_score(GRID, GRID * [1, 0, 1])
