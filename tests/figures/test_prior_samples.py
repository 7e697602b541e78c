import numpy as np
import pytest

from tests.figures.cutting import cut
from tests.figures.cutting import row_labels
from tfvae.figures import prior_samples

SAMPLES = np.random.default_rng(0).random([7, 5, 6, 3])


def test_samples_fill_rows_and_white_the_end_of_the_last():
    figure = prior_samples(SAMPLES, columns=4)
    shown = cut(figure, [2], [4], (5, 6)).reshape(8, 5, 6, 3)
    np.testing.assert_array_equal(shown[:7], SAMPLES)
    assert (shown[7] == 1).all()
    assert row_labels(figure) == []


def test_a_full_row_is_followed_by_nothing():
    figure = prior_samples(SAMPLES, columns=7)
    np.testing.assert_array_equal(cut(figure, [1], [7], (5, 6))[0], SAMPLES)


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="There are no images"):
        prior_samples(SAMPLES[:0])
