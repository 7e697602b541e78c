import numpy as np
import pytest
from matplotlib.colors import to_rgb

from tfvae.figures.heatmap import heat_map
from tfvae.figures.heatmap import luminance

MATRIX = np.array([[0.904, 0.2, 0.0], [1.0, 0.004, 0.6]])


@pytest.fixture
def drawn():
    return heat_map(MATRIX, ["r0", "r1"], ["c0", "c1", "c2"], "Title", "unit")


def texts(drawn):
    """The texts in the cells by row and column."""
    return {t.get_position()[::-1]: t for t in drawn.axes[0].texts}


def test_every_cell_has_its_colour_and_its_number(drawn):
    [image] = drawn.axes[0].images
    np.testing.assert_array_equal(image.get_array(), MATRIX)
    assert image.get_clim() == (0, 1)
    assert len(texts(drawn)) == MATRIX.size
    for cell, value in np.ndenumerate(MATRIX):
        assert texts(drawn)[cell].get_text() == f"{value:.2f}"


def test_numbers_are_dark_on_light_and_light_on_dark(drawn):
    assert texts(drawn)[0, 0].get_color() == "black"  # yellow
    assert texts(drawn)[0, 1].get_color() == "white"  # blue


def test_rows_columns_title_and_colour_bar_are_named(drawn):
    axes, bar = drawn.axes
    rows = [label.get_text() for label in axes.get_yticklabels()]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    assert (rows, columns) == (["r0", "r1"], ["c0", "c1", "c2"])
    assert drawn.get_suptitle() == "Title"
    assert bar.get_ylabel() == "unit"


@pytest.mark.parametrize(
    "colour, expected",
    [("white", 1), ("black", 0), ("red", 0.2126), ("#777777", 0.1845)],
)
def test_luminance_is_that_of_wcag(colour, expected):
    rgba = (*to_rgb(colour), 1.0)
    assert luminance(rgba) == pytest.approx(expected, abs=1e-4)
