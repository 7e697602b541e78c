import numpy as np
import pytest

from tfvae.figures import mig_elbo

ELBOS = np.array([-126.0, -125.0, -90.0])
MIGS = np.array([0.36, 0.37, 0.1])
SEEDS = np.array([7, 8, 7])
OBJECTIVES = ["B", "B", "TC"]
NAMES = ["b7", "b8", "tc7"]


@pytest.fixture
def axes():
    [axes] = mig_elbo(ELBOS, MIGS, SEEDS, OBJECTIVES, NAMES).axes
    return axes


def test_a_point_a_run_with_a_colour_and_a_marker_an_objective(axes):
    b, tc = axes.lines
    assert b.get_xydata().tolist() == [[-126, 0.36], [-125, 0.37]]
    assert tc.get_xydata().tolist() == [[-90, 0.1]]
    assert b.get_color() != tc.get_color()
    assert b.get_marker() != tc.get_marker()


def test_every_point_has_its_seed_and_its_name(axes):
    points = list(zip(ELBOS, MIGS, strict=True))
    assert [(text.get_text(), text.xy) for text in axes.texts] == [
        *zip(["7", "8", "7"], points, strict=True),
        *zip(NAMES, points, strict=True),
    ]


def test_the_axes_have_units(axes):
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("ELBO, nats", "MIG")
