import numpy as np
import pytest

from tfvae.figures import rate_distortion

RATES = np.array([6.0, 8.0, 20.0])
DISTORTIONS = np.array([120.0, 100.0, 60.0])
NAMES = ["b0", "h0", "b1"]
OBJECTIVES = ["B", "H", "B"]


@pytest.fixture
def axes():
    [axes] = rate_distortion(RATES, DISTORTIONS, NAMES, OBJECTIVES).axes
    return axes


def test_a_point_a_run(axes):
    b, h = axes.lines[:2]
    assert b.get_xydata().tolist() == [[6, 120], [20, 60]]
    assert h.get_xydata().tolist() == [[8, 100]]


def test_every_run_is_named(axes):
    named = {t.get_text(): t.xy for t in axes.texts if t.get_text() in NAMES}
    assert named == {"b0": (6, 120), "h0": (8, 100), "b1": (20, 60)}


def test_dotted_lines_have_the_elbo_they_say(axes):
    lines = axes.lines[2:]
    labels = [text for text in axes.texts if text.get_text() not in NAMES]
    assert len(lines) == len(labels) >= 3
    for line, label in zip(lines, labels, strict=True):
        assert line.get_slope() == -1
        assert line.get_linestyle() == ":"
        elbo = float(label.get_text())
        assert line.get_xy1() == label.xy
        assert -sum(label.xy) == pytest.approx(elbo)


def test_dotted_lines_come_in_at_an_edge_of_the_axes(axes):
    left, _ = axes.get_xlim()
    bottom, top = axes.get_ylim()
    for line in axes.lines[2:]:
        x, y = line.get_xy1()
        assert bottom < y < top and x == left or y == pytest.approx(top)


def test_the_axes_say_what_is_in_nats(axes):
    assert axes.get_xlabel() == "rate: KL, nats"
    assert axes.get_ylabel() == "distortion: -log p(x|z), nats"
