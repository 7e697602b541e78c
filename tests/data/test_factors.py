import numpy as np
import pytest

from tfvae.data.factors import FactorGrid

GRID = FactorGrid(names=("shape", "x", "y"), sizes=(2, 3, 4))


def test_length_is_the_number_of_combinations():
    assert len(GRID) == 24


@pytest.mark.parametrize(
    "index, values",
    [
        (0, [0, 0, 0]),
        (1, [0, 0, 1]),
        (4, [0, 1, 0]),
        (12, [1, 0, 0]),
        (23, [1, 2, 3]),
    ],
)
def test_the_last_factor_is_the_fastest(index, values):
    assert GRID.factors([index]).tolist() == [values]
    assert GRID.indices([values]).tolist() == [index]


def test_indices_of_factors_are_the_indices():
    factors = GRID.factors(np.arange(24))
    assert len(np.unique(factors, axis=0)) == 24
    np.testing.assert_array_equal(GRID.indices(factors), np.arange(24))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_results_are_int64(dtype):
    assert GRID.factors(np.array([5], dtype)).dtype == np.int64
    assert GRID.indices(np.array([[1, 2, 3]], dtype)).dtype == np.int64
    assert GRID.check(np.array([[1, 2, 3]], dtype)).dtype == np.int64


@pytest.mark.parametrize(
    "factors",
    [
        [0, 0, 0],
        [[0, 0]],
        [[0, 0, 0, 0]],
        [[[0, 0, 0]]],
        [[0.0, 0.0, 0.0]],
        [[True, False, True]],
        [],
    ],
)
def test_factors_must_be_rows_of_integers(factors):
    with pytest.raises(ValueError, match=r"shape \[N, 3\] \(shape, x, y\)"):
        GRID.indices(factors)


@pytest.mark.parametrize(
    "factors, message",
    [
        ([[2, 0, 0]], "`shape` must be in 0...1. Received: 2 in row 0"),
        ([[1, 2, 3], [1, 3, 3]], "`x` must be in 0...2. Received: 3 in row 1"),
        ([[0, 0, -1]], "`y` must be in 0...3. Received: -1 in row 0"),
    ],
)
def test_value_out_of_range_is_named(factors, message):
    with pytest.raises(ValueError, match=message):
        GRID.indices(factors)


@pytest.mark.parametrize("index", [24, -1])
def test_index_out_of_range_is_refused(index):
    with pytest.raises(ValueError, match="out of bounds"):
        GRID.factors([index])
