import numpy as np
import pytest
from matplotlib.colors import to_rgb

from tfvae.figures import importance_matrix
from tfvae.figures import mutual_information
from tfvae.figures.heatmap import luminance

MATRIX = np.array([[0.1, 0.0], [0.904, 0.2], [0.0, 0.6]])
NAMES = ["scale", "posX"]
KL = np.array([0.5, 2.614, 1.0])
BY_KL = [1, 2, 0]


def shown(drawn):
    """The matrix, and the texts in the cells by row and column."""
    axes = drawn.axes[0]
    texts = {text.get_position()[::-1]: text for text in axes.texts}
    return np.asarray(axes.images[0].get_array()), texts


def test_rows_are_latents_by_kl_and_columns_factors():
    axes = mutual_information(MATRIX, NAMES, KL).axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    assert rows == ["z1  2.61 nats", "z2  1.00 nats", "z0  0.50 nats"]
    assert [t.get_text() for t in axes.get_xticklabels()] == NAMES


def test_every_cell_has_its_number():
    matrix, texts = shown(mutual_information(MATRIX, NAMES, KL))
    np.testing.assert_array_equal(matrix, MATRIX[BY_KL])
    assert len(texts) == MATRIX.size
    for cell, value in np.ndenumerate(MATRIX[BY_KL]):
        assert texts[cell].get_text() == f"{value:.2f}"


def test_numbers_are_dark_on_light_and_light_on_dark():
    _, texts = shown(mutual_information(MATRIX, NAMES, KL))
    assert texts[0, 0].get_color() == "black"  # 0.90: yellow
    assert texts[0, 1].get_color() == "white"  # 0.20: blue


def test_the_colour_bar_says_what_of_from_0_to_1():
    axes, bar = mutual_information(MATRIX, NAMES, KL).axes
    assert bar.get_ylabel() == "I(code; factor) / H(factor)"
    assert axes.images[0].get_clim() == (0, 1)


def test_importances_are_shares_of_their_column():
    importance = np.array([[1.0, 0, 0], [3, 5, 0]])
    drawn = importance_matrix(importance, ["a", "b", "c"], np.array([2.0, 1]))
    matrix, texts = shown(drawn)
    assert matrix.tolist() == [[0.25, 0, 0], [0.75, 1, 0]]
    assert texts[1, 0].get_text() == "0.75"
    assert drawn.axes[1].get_ylabel() == "importance, share of the column"


@pytest.mark.parametrize(
    "colour, expected",
    [("white", 1), ("black", 0), ("red", 0.2126), ("#777777", 0.1845)],
)
def test_luminance_is_that_of_wcag(colour, expected):
    rgba = (*to_rgb(colour), 1.0)
    assert luminance(rgba) == pytest.approx(expected, abs=1e-4)
