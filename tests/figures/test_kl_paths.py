import numpy as np
import pytest

from tfvae.figures import kl_paths
from tfvae.figures.style import INACTIVE

HISTORY = {
    "step": np.array([100, 200, 300, 400]),
    "capacity": np.array([0.0, 1.0, 2.0, 2.0]),
    "kl/0": np.array([0.05, 0.2, 0.05, 0.3]),
    "kl/1": np.array([0.0, 0.2, 1.0, 2.0]),
    "kl/2": np.array([0.0, 0.05, 0.0, 0.01]),
    "kl/3": np.array([0.05, 0.15, 0.5, 0.6]),
}


def without(name):
    return {k: v for k, v in HISTORY.items() if k != name}


def line(axes, y):
    """The line with these heights."""
    [found] = [
        line
        for line in axes.lines
        if np.array_equal(line.get_ydata(), np.atleast_1d(y))
    ]
    return found


def texts(axes):
    return {text.get_text() for text in axes.texts}


def test_every_latent_and_the_mean_over_the_steps():
    axes = kl_paths(HISTORY).axes[0]
    latents = [HISTORY[f"kl/{latent}"] for latent in range(4)]
    for path in latents:
        drawn = line(axes, path)
        np.testing.assert_array_equal(drawn.get_xdata(), HISTORY["step"])
    mean = line(axes, np.mean(latents, axis=0))
    assert mean.get_linestyle() == ":"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "KL, nats")


def test_latents_are_named_in_the_order_in_which_they_emerge():
    axes = kl_paths(HISTORY).axes[0]
    assert texts(axes) == {
        "z1, 1st",
        "z3, 1st",
        "z0, 3rd",
        "1 inactive",
        "mean",
    }
    [name] = [text for text in axes.texts if text.get_text() == "z1, 1st"]
    assert name.xy == (400, 2.0)


def test_a_dot_is_where_a_latent_emerges():
    axes = kl_paths(HISTORY).axes[0]
    for latent, (x, y) in {
        0: (400, 0.3),
        1: (200, 0.2),
        3: (200, 0.15),
    }.items():
        dot = line(axes, y)
        assert dot.get_marker() == "o"
        assert dot.get_xdata() == [x]
        path = line(axes, HISTORY[f"kl/{latent}"])
        assert dot.get_color() == path.get_color()


def test_active_latents_differ_and_inactive_ones_are_grey():
    axes = kl_paths(HISTORY).axes[0]
    colours = [
        line(axes, HISTORY[f"kl/{latent}"]).get_color() for latent in range(4)
    ]
    assert colours[2] == INACTIVE
    assert len({*colours, INACTIVE, "black"}) == 5


def test_the_second_panel_is_over_c_until_c_stops():
    first, second = kl_paths(HISTORY).axes
    for latent in (1, 3):
        path = HISTORY[f"kl/{latent}"]
        drawn = line(second, path[:3])
        np.testing.assert_array_equal(drawn.get_xdata(), [0, 1, 2])
        assert drawn.get_color() == line(first, path).get_color()
    later = line(second, HISTORY["kl/0"][:3])
    assert later.get_color() == INACTIVE
    assert "2 inactive" in texts(second)
    assert second.get_xlabel() == "C, nats"


@pytest.mark.parametrize(
    "history",
    [without("capacity"), {**HISTORY, "capacity": np.full(4, 25.0)}],
    ids=["no C", "constant C"],
)
def test_without_a_c_that_changes_there_is_one_panel(history):
    assert len(kl_paths(history).axes) == 1


def test_the_threshold_decides():
    drawn = kl_paths(HISTORY, threshold=1.5)
    assert texts(drawn.axes[0]) == {"z1, 1st", "3 inactive", "mean"}
    assert drawn.get_suptitle() == (
        "KL of each latent: 1 of 4 rise above 1.5 nats to stay"
    )


def test_where_none_stays_it_says_so():
    drawn = kl_paths(HISTORY, threshold=5)
    assert "none stays above 5 nats" in drawn.get_suptitle()
    assert texts(drawn.axes[0]) == {"4 inactive", "mean"}


def test_a_single_row_is_drawn():
    history = {name: column[-1:] for name, column in HISTORY.items()}
    [axes] = kl_paths(history).axes
    assert "3 of 4" in axes.figure.get_suptitle()
