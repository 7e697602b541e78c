import numpy as np
import pytest

from tfvae.metrics import sampling

# not a full grid, values of many kinds, groups of 1 to 4 rows
FACTORS = np.array(
    [[0, 0.5], [7, 0.5], [7, -2], [0, 3], [7, 0.5], [7, 3]], float
)


def draw(held, size, seed=0, factors=FACTORS):
    groups = sampling.FactorGroups(factors)
    return groups.draw(np.random.default_rng(seed), np.asarray(held), size)


def test_rows_of_a_point_share_the_value_of_their_factor():
    held = np.arange(200) % 2
    rows = draw(held, 5)
    assert rows.shape == (200, 5)
    values = FACTORS[rows, held[:, np.newaxis]]
    np.testing.assert_array_equal(values, values[:, :1].repeat(5, axis=1))


def test_values_are_drawn_alike_however_many_rows_have_them():
    rows = draw(np.ones(30_000, int), 1)[:, 0]
    shares = np.bincount(rows, minlength=6) / len(rows)
    # 3 values with 3, 1 and 2 rows
    expected = np.array([1 / 3, 1 / 3, 1, 1 / 2, 1 / 3, 1 / 2]) / 3
    np.testing.assert_allclose(shares, expected, atol=0.01)


def test_rows_of_a_point_are_independent_given_the_value():
    first, second = draw(np.zeros(30_000, int), 2).T
    pairs = np.histogram2d(first, second, bins=6, range=[[0, 6]] * 2)[0]
    few, many = (
        np.isin(np.arange(6), [0, 3]),
        np.isin(np.arange(6), [1, 2, 4, 5]),
    )
    expected = np.outer(few, few) / 8 + np.outer(many, many) / 32
    np.testing.assert_allclose(pairs / 30_000, expected, atol=0.01)


def test_types_of_factors_do_not_matter():
    factors = np.random.default_rng(0).integers(5, size=[100, 3])
    held = np.arange(60) % 3
    expected = draw(held, 4, factors=factors)
    for kind in ("uint8", "float32"):
        rows = draw(held, 4, factors=factors.astype(kind))
        np.testing.assert_array_equal(rows, expected)


def test_the_generator_decides():
    held = np.zeros(50, int)
    np.testing.assert_array_equal(draw(held, 4), draw(held, 4))
    assert (draw(held, 4) != draw(held, 4, seed=1)).any()


@pytest.mark.parametrize("batch_size", [1, 1000, 10 * sampling.ROWS])
def test_chunks_cover_every_point_in_order(batch_size):
    held = np.arange(500)
    sizes = []

    def features(part):
        sizes.append(len(part))
        return np.stack([part, 2 * part], axis=1)

    result = sampling.in_chunks(features, held, batch_size)
    np.testing.assert_array_equal(result, np.stack([held, 2 * held], axis=1))
    assert max(sizes) <= max(1, sampling.ROWS // batch_size)


def test_sizes_of_a_draw():
    sampling.at_least(2, batch_size=2, images=3)
    with pytest.raises(
        ValueError, match="`images` must be at least 2. Received: images=1"
    ):
        sampling.at_least(2, batch_size=2, images=1)
