import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tests.figures.cutting import headings
from tests.figures.cutting import row_labels
from tfvae.figures.grid import image_grid
from tfvae.figures.tiles import tile

RNG = np.random.default_rng(0)
LONG = "a text that is longer than its two images are wide"


def random_images(rows, columns, *shape):
    return RNG.integers(0, 256, [rows, columns, *shape]) / 255


def image_inches(figure, columns):
    """How wide an image is, gaps left out of account."""
    [axes] = figure.axes
    return axes.get_window_extent().width / figure.dpi / columns


@pytest.mark.parametrize(
    "shape",
    [(28, 28, 1), (32, 32, 3), (5, 6, 3), (64, 64, 1), (128, 128, 3)],
    ids=str,
)
@pytest.mark.parametrize("columns", [2, 30])
def test_every_pixel_is_drawn_as_a_square_of_its_own_colour(shape, columns):
    images = random_images(2, columns, *shape)
    figure = image_grid(images, "", row_labels=["a", "bcd"])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())[::-1, :, :3].astype(int)
    [axes] = figure.axes
    left, bottom, right, top = np.round(axes.get_window_extent().extents)
    drawn = drawn[int(bottom) : int(top), int(left) : int(right)][::-1]
    tiled = tile(images, [2], [columns]) * 255
    scale = len(drawn) // len(tiled)
    expected = tiled.repeat(scale, axis=0).repeat(scale, axis=1)
    assert drawn.shape[:2] == expected.shape[:2]
    assert abs(drawn - expected).max() <= 1  # matplotlib rounds down


def test_all_texts_are_inside():
    figure = image_grid(
        np.zeros([3, 2, 16, 16, 1]),
        f"Title: {LONG}",
        row_labels=["short", f"two\n{LONG}", "x"],
        row_notes=["short", LONG, "x"],
        headings=[LONG],
    )
    texts = figure.get_tightbbox()
    assert (texts.min > 0).all()
    assert (texts.max < figure.get_size_inches()).all()


def test_texts_are_beside_what_they_belong_to():
    figure = image_grid(
        np.zeros([3, 3, 4, 8, 1]),
        "The title",
        row_labels=["a", "b", "c"],
        row_notes=["d", "e", "f"],
        headings=["left", "right"],
        row_groups=[1, 2],
        column_groups=[2, 1],
    )
    [axes] = figure.axes
    assert axes.get_title("left") == "The title"
    assert row_labels(figure) == ["a", "b", "c"]
    assert headings(figure) == ["left", "right"]
    # rows from pixel 0, 6 and 11 to 3, 9 and 14
    assert axes.get_yticks().tolist() == [1.5, 7.5, 12.5]
    notes = [(note.get_text(), note.xy[1]) for note in axes.texts]
    assert notes == [("d", 1.5), ("e", 7.5), ("f", 12.5)]
    # columns from 0, 9 and 19 to 7, 16 and 26
    assert axes.get_xticks().tolist() == [8, 22.5]


def test_there_need_be_no_texts():
    figure = image_grid(np.zeros([2, 2, 8, 8, 1]), "")
    assert row_labels(figure) == headings(figure) == []


@pytest.mark.parametrize(
    "columns, inches", [(2, 0.6), (8, 0.6), (20, 0.5), (40, 0.4)]
)
def test_many_columns_make_small_images(columns, inches):
    figure = image_grid(np.zeros([1, columns, 64, 64, 1]), "")
    assert image_inches(figure, columns) == pytest.approx(inches, rel=0.05)


def test_the_size_can_be_chosen():
    figure = image_grid(np.zeros([1, 2, 64, 64, 1]), "", inches=1.0)
    assert image_inches(figure, 2) == pytest.approx(1, rel=0.05)


def test_large_images_shrink_before_the_figure_grows_beyond_all_bounds():
    figure = image_grid(np.zeros([1, 40, 256, 256, 1]), "")
    assert figure.dpi == 320
    assert image_inches(figure, 40) == pytest.approx(0.4, rel=0.05)


@pytest.mark.parametrize("shape", [(0, 3, 8, 8, 1), (3, 0, 8, 8, 1)])
def test_no_images_are_refused(shape):
    with pytest.raises(ValueError, match="There are no images"):
        image_grid(np.zeros(shape), "")
