import dataclasses

import numpy as np
import pytest
from click.testing import CliRunner

import tfvae
import train
from experiments import mean_reduced
from experiments.mean_reduced import HINGE
from experiments.mean_reduced import RIGHT
from experiments.mean_reduced import WRONG
from tests.oracles import random_forward

PIXELS = 16  # of `random_forward`
CONSTANT = 200.0  # nll of the mean image


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (mean_reduced.MeanReducedB, tfvae.objectives.get("B")),
        (mean_reduced.MeanReducedHinge, tfvae.objectives.get("hinge")),
    ],
)
def test_the_mistake_is_in_the_reconstruction_alone(wrong, right):
    forward = random_forward()
    seen, expected = wrong()(forward, 7), right(forward, 7)
    np.testing.assert_allclose(seen["nll"], expected["nll"] / PIXELS, 1e-6)
    np.testing.assert_allclose(seen["kl"], expected["kl"])
    np.testing.assert_allclose(
        seen["loss"] - seen["nll"], expected["loss"] - expected["nll"], 1e-5
    )


def test_the_runs_differ_in_their_objectives_alone():
    runs = mean_reduced.runs(steps=5, seed=3, precision="float32")
    assert [*runs] == [RIGHT, WRONG, HINGE]
    kinds = [type(params.objective) for params in runs.values()]
    assert kinds == [
        tfvae.objectives.OBJECTIVES["B"],
        mean_reduced.MeanReducedB,
        mean_reduced.MeanReducedHinge,
    ]
    shared = {
        str(dataclasses.replace(params, objective=runs[RIGHT].objective))
        for params in runs.values()
    }
    assert len(shared) == 1
    assert runs[WRONG].steps == 5 and runs[WRONG].seed == 3


def history(varying=0.0, offset=0.0, variance=0.0, capacity=2.0, nll=CONSTANT):
    """Two rows of one latent; the first says the opposite of everything."""
    last = {"varying/0": varying, "offset/0": offset, "variance/0": variance}
    last |= {"kl": varying + offset + variance, "capacity": capacity}
    first = {"nll": CONSTANT - nll, **{k: 1 - v for k, v in last.items()}}
    first["step"], last["step"], last["nll"] = 0, 20, nll
    return {name: np.array([first[name], last[name]]) for name in last}


AS_REPORTED = {
    RIGHT: history(varying=0.5, variance=1.5, nll=100),
    WRONG: history(variance=2.1),
    HINGE: history(varying=0.03, nll=195),
}
WARNED = {RIGHT: False, WRONG: True, HINGE: False}


def differing(histories, warned) -> list[int]:
    rows = mean_reduced.rows(histories, CONSTANT, warned)
    assert len(rows) == 10
    return [number for number, row in enumerate(rows) if not row.holds]


def test_what_the_report_says_is_as_expected():
    assert differing(AS_REPORTED, WARNED) == []


@pytest.mark.parametrize(
    ("run", "changed", "expected"),
    [
        (RIGHT, history(offset=1.0, variance=1.0, nll=100), [0]),
        (RIGHT, history(varying=0.5, variance=1.5), [1]),
        (WRONG, history(varying=0.1, variance=2.0), [3]),
        (WRONG, history(variance=2.5), [4, 5]),
        (WRONG, history(offset=1.0, variance=1.1), [5]),
        (WRONG, history(variance=2.1, nll=150), [6]),
        (HINGE, history(offset=1.0, variance=1.0), [8]),
        (HINGE, history(varying=0.03, nll=100), [9]),
    ],
)
def test_what_is_not_differs(run, changed, expected):
    assert differing(AS_REPORTED | {run: changed}, WARNED) == expected


def test_a_warning_too_many_and_one_too_few():
    opposite = {run: not warned for run, warned in WARNED.items()}
    assert differing(AS_REPORTED, opposite) == [2, 7]


def test_the_summary_is_of_the_last_row():
    run = history(varying=0.1, offset=0.4, variance=0.25, nll=150)
    assert mean_reduced.summary(run) == (
        "KL 0.75 at C = 2.00, nll 150; of each latent E[mean^2] 1.000, "
        "Var[mean] 0.200"
    )


def test_the_curves_show_every_run_and_the_mean_image():
    drawn = mean_reduced.curves(AS_REPORTED, CONSTANT)
    *panels, last = drawn.axes
    titles = [axes.get_title() for axes in panels]
    assert titles == [f"{run}: KL, nats" for run in AS_REPORTED]
    *runs, constant = last.lines
    ends = [line.get_ydata()[-1] for line in runs]
    assert ends == [100, CONSTANT, 195]
    assert set(constant.get_ydata()) == {CONSTANT}


def test_the_program_with_runs_as_the_report_has_them(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    dataset = tfvae.data.from_arrays(rng.random([64, 32, 32, 1]) < 0.3)
    recorded = iter(AS_REPORTED.values())

    def trained(params, on, images, every, also):
        assert on is dataset and images.shape == (64, 32, 32, 1)
        assert isinstance(also[0], tfvae.callbacks.CollapseWarning)
        return train.build(params, on), next(recorded)

    monkeypatch.setattr(mean_reduced.data, "load", lambda name: dataset)
    monkeypatch.setattr(mean_reduced.recording, "train", trained)
    result = CliRunner().invoke(
        mean_reduced.command, ["--to", str(tmp_path)], catch_exceptions=False
    )
    # 1,024 pixels that are on in 30% of the images
    entropy = float(result.output.split("The mean image: ")[1].split()[0])
    assert entropy == pytest.approx(1024 * 0.61, rel=0.03)
    assert "mean: KL 2.10 at C = 2.00, nll 200; " in result.output
    assert "| mean: warned | yes | no | differs |" in result.output
    assert {file.name for file in tmp_path.iterdir()} == {
        *(f"{name}.csv" for name in (RIGHT, WRONG, HINGE)),
        "curves.png",
        "reconstructions.png",
    }
