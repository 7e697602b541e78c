import numpy as np
import pytest

from tfvae.figures import training_curves

HISTORY = {
    "step": np.array([100, 200, 300]),
    "gamma": np.array([100.0, 50.0, 20.0]),
    "beta": np.array([4.0, 4.0, 4.0]),
    "loss": np.array([900.0, 300.0, 130.0]),
    "nll": np.array([890.0, 290.0, 120.0]),
    "kl": np.array([0.5, 3.0, 6.0]),
    "capacity": np.array([0.0, 3.5, 6.5]),
    "kl/0": np.array([0.5, 3.0, 6.0]),
}


SCHEDULES = ["gamma", "capacity", "beta"]


def columns(*names):
    return {name: HISTORY[name] for name in ("step", *names)}


def drawn_columns(axes):
    """What is drawn, by the label at its end."""
    assert len(axes.lines) == len(axes.texts)
    for line in axes.lines:
        np.testing.assert_array_equal(line.get_xdata(), HISTORY["step"])
    return {
        text.get_text(): line.get_ydata().tolist()
        for text, line in zip(axes.texts, axes.lines, strict=True)
    }


def test_terms_are_by_size_and_changing_weights_apart():
    large, small, weight = training_curves(HISTORY, SCHEDULES).axes
    for axes, names in [
        (large, ["loss", "nll"]),
        (small, ["kl", "capacity"]),
        (weight, ["gamma"]),
    ]:
        assert drawn_columns(axes) == {
            name: HISTORY[name].tolist() for name in names
        }
    units = [axes.get_ylabel() for axes in (large, small, weight)]
    assert units == ["nats", "nats", "weight"]
    assert weight.get_xlabel() == "step"


def test_a_label_is_at_the_end_of_its_line():
    for axes in training_curves(HISTORY, SCHEDULES).axes:
        for text, line in zip(axes.texts, axes.lines, strict=True):
            assert text.xy == (300, line.get_ydata()[-1])


def test_what_falls_far_is_on_a_logarithmic_axis():
    scales = [
        axes.get_yscale() for axes in training_curves(HISTORY, SCHEDULES).axes
    ]
    assert scales == ["log", "linear", "log"]


def test_terms_below_zero_are_on_a_linear_axis():
    history = {**columns("kl"), "tc": np.array([20.0, 1.0, -3.0])}
    [axes] = training_curves(history, SCHEDULES).axes
    assert axes.get_yscale() == "linear"
    assert set(drawn_columns(axes)) == {"kl", "tc"}


def test_constant_weights_are_in_the_title():
    assert training_curves(HISTORY, SCHEDULES).get_suptitle() == (
        "Terms of the objective, beta 4"
    )


def test_which_columns_are_weights_can_be_said():
    history = {**columns("loss"), "lambda_od": np.array([1.0, 2.0, 3.0])}
    _, weight = training_curves(history, ["lambda_od"]).axes
    assert list(drawn_columns(weight)) == ["lambda_od"]


def test_without_terms_or_rows_there_is_nothing_to_draw():
    with pytest.raises(ValueError, match="no terms"):
        training_curves(columns("gamma", "kl/0"), SCHEDULES)
    with pytest.raises(ValueError, match="no rows"):
        training_curves({}, [])
