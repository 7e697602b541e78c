import io
import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from tfvae.figures.labels import label_right
from tfvae.figures.labels import spread

CROWDED = [(3.0, 0.0)] * 6 + [(3.0, 10.0)] * 6


def labelled(points, scale="linear"):
    drawn = Figure(figsize=(5, 4), layout="constrained")
    axes = drawn.add_subplot()
    axes.plot([0, 3], [0.1, 10.0])
    axes.set_yscale(scale)
    texts = [f"text {number}" for number in range(len(points))]
    label_right(axes, points, texts, ["#0072B2"] * len(points))
    drawn.draw_without_rendering()
    return axes


def test_no_text_is_over_another_or_cut():
    axes = labelled(CROWDED)
    # without the lines that tie them to their points
    boxes = [Text.get_window_extent(text) for text in axes.texts]
    for one, two in itertools.combinations(boxes, 2):
        assert not one.overlaps(two)
    whole = axes.figure.bbox
    for box in boxes:
        assert box.x0 > axes.bbox.x1
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1
        assert whole.y0 <= box.y0 and box.y1 <= whole.y1


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_text_with_room_is_level_with_its_point(scale):
    axes = labelled([(3.0, 1.0), (3.0, 9.0)], scale)
    for text, (x, y) in zip(axes.texts, [(3.0, 1.0), (3.0, 9.0)], strict=True):
        assert text.xy == (x, y)
        _, height = axes.transAxes.transform((1, text.xyann[1]))
        _, expected = axes.transData.transform((x, y))
        assert height == pytest.approx(expected)


def test_the_order_of_heights_is_kept_and_no_one_moves_without_need():
    heights = np.array([0.52, 0.1, 0.5, 0.9])
    placed = spread(heights, 0.1)
    np.testing.assert_allclose(placed, [0.56, 0.1, 0.46, 0.9])


def test_texts_stay_within_the_axes():
    placed = spread(np.array([-0.5, 0.0, 1.0, 1.0]), 0.2)
    np.testing.assert_allclose(placed, [0, 0.2, 0.8, 1.0])


def test_what_has_no_room_is_spread_evenly():
    placed = spread(np.full(5, 0.3), 0.5)
    np.testing.assert_allclose(placed, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(spread(np.array([0.3]), 2.0), [0.3])


def test_what_is_not_finite_is_not_named():
    drawn = Figure()
    axes = drawn.add_subplot()
    axes.plot([0, 1], [0, 1])
    points = [(1, 1.0), (1, float("nan"))]
    label_right(axes, points, ["one $a^$", "two"], ["black", "black"])
    assert [text.get_text() for text in axes.texts] == [r"one \$a^\$"]
    drawn.savefig(io.BytesIO())
