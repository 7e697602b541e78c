import numpy as np

from tfvae.figures import importance_matrix

IMPORTANCE = np.array([[1.0, 0, 0], [3, 5, 0]])


def test_importances_are_shares_of_their_column_by_kl():
    drawn = importance_matrix(IMPORTANCE, ["a", "b", "c"], np.array([1.0, 2]))
    axes, bar = drawn.axes
    matrix = np.asarray(axes.images[0].get_array())
    assert matrix.tolist() == [[0.75, 1, 0], [0.25, 0, 0]]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == ["z1  2.00 nats", "z0  1.00 nats"]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    assert columns == ["a", "b", "c"]
    assert bar.get_ylabel() == "importance, share of the column"


def test_importances_are_left_as_they_are():
    before = IMPORTANCE.copy()
    importance_matrix(IMPORTANCE, ["a", "b", "c"], np.array([1.0, 2]))
    np.testing.assert_array_equal(IMPORTANCE, before)
