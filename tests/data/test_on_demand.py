import numpy as np
import pytest

from tfvae.data.on_demand import OnDemand

ROWS = np.random.default_rng(0).integers(0, 256, [9, 2, 3, 1], np.uint8)


def made(indices):
    assert indices.dtype == np.int64
    return ROWS[indices]


@pytest.mark.parametrize("indices", [[3, 0, 3], np.array([8]), np.arange(0)])
def test_it_is_indexed_as_an_array(indices):
    images = OnDemand(made, ROWS.shape)
    assert (len(images), images.shape) == (9, (9, 2, 3, 1))
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[indices], ROWS[np.int64(indices)])


@pytest.mark.parametrize("index", [9, -1])
def test_an_index_out_of_range_is_refused(index):
    with pytest.raises(IndexError, match="There are 9 images"):
        OnDemand(made, ROWS.shape)[[0, index]]
