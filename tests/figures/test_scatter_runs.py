import numpy as np
from matplotlib.figure import Figure

from tfvae.figures.scatter_runs import NAMED
from tfvae.figures.scatter_runs import scatter_runs


def scattered(count, objectives):
    axes = Figure().add_subplot()
    x = np.arange(float(count))
    names = [f"run {number}" for number in range(count)]
    scatter_runs(axes, x, -x, objectives, names)
    return axes


def test_a_colour_and_a_marker_an_objective_in_the_order_they_come():
    axes = scattered(4, ["TC", "B", "TC", "H"])
    points = [line.get_xydata().tolist() for line in axes.lines]
    assert points == [[[0, 0], [2, -2]], [[1, -1]], [[3, -3]]]
    assert len({line.get_color() for line in axes.lines}) == 3
    assert len({line.get_marker() for line in axes.lines}) == 3
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["TC", "B", "H"]


def test_a_name_is_tied_to_its_point_in_the_colour_of_its_objective():
    axes = scattered(3, ["TC", "B", "TC"])
    tc, b = (line.get_color() for line in axes.lines)
    assert [
        (text.get_text(), text.xy, text.arrowprops["color"])
        for text in axes.texts
    ] == [
        ("run 0", (0, 0), tc),
        ("run 1", (1, -1), b),
        ("run 2", (2, -2), tc),
    ]


def test_one_objective_needs_no_legend():
    assert scattered(2, ["B", "B"]).get_legend() is None


def test_many_runs_have_no_names():
    assert len(scattered(NAMED, ["B"] * NAMED).texts) == NAMED
    assert not scattered(NAMED + 1, ["B"] * (NAMED + 1)).texts
