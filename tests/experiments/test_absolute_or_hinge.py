import dataclasses
import io

import numpy as np
import pytest
from click.testing import CliRunner

import tfvae
import train
from experiments import absolute_or_hinge
from experiments.absolute_or_hinge import Arrival
from experiments.absolute_or_hinge import arrival
from experiments.absolute_or_hinge import order


def history(kl, varying=0.0, capacity=1.0, nll=0.0):
    """Rows ten steps apart.

    Args:
        kl: `[T, D]`.
        varying: of it, in means that differ, the same shape or a number; the
            rest is in variances.
        capacity: `[T]` or a number.
        nll: `[T]` or a number.
    """
    kl = np.array(kl, float)
    varying = np.broadcast_to(varying, kl.shape)
    parts = {
        "kl": kl,
        "varying": varying,
        "offset": 0 * kl,
        "variance": kl - varying,
    }
    rows = len(kl)
    return {
        "step": 10 * np.arange(rows),
        "capacity": np.broadcast_to(capacity, rows),
        "nll": np.broadcast_to(nll, rows),
        "kl": kl.sum(axis=1),
        **{
            f"{name}/{latent}": column
            for name, part in parts.items()
            for latent, column in enumerate(part.T)
        },
    }


def test_arrival_is_the_first_row_near_c():
    run = history(
        [[0.3, 0.05], [0.85, 0.08], [0.9, 0.2], [2, 2]],
        varying=[[0, 0], [0.7, 0.0], [0.3, 0.03], [0, 0]],
        capacity=[1, 1.1, 1.2, 1.3],
        nll=[600, 500, 400, 300],
    )
    # 0.93 of 1.1 is too little, 1.1 of 1.2 is not
    assert arrival(run) == Arrival(
        step=20,
        nll=400,
        active=2,
        varying=pytest.approx(0.33 / 1.1),
        variance=pytest.approx(0.77 / 1.1),
    )


def test_no_arrival():
    assert arrival(history([[0.4], [0.8]])).step == np.inf


def test_order_is_of_those_that_stay():
    kl = [[0.2, 0.0, 0.5, 0.3], [0.0, 0.2, 0.5, 0.3], [0.2, 0.2, 0.5, 0.0]]
    assert [*order(history(kl)).items()] == [(2, 0), (1, 10), (0, 20)]


def test_the_end_is_a_mean_of_the_last_rows(monkeypatch):
    run = history([[9, 9], [1, 2], [3, 5]], varying=[[9, 9], [0, 2], [0, 4]])
    monkeypatch.setattr(absolute_or_hinge, "LAST", 2)
    assert absolute_or_hinge.at_the_end(run, "kl") == 5.5
    assert absolute_or_hinge.at_the_end(run, "varying") == 3
    assert absolute_or_hinge.at_the_end(run, "variance") == 2.5


@pytest.fixture(autouse=True)
def the_end_is_one_row(monkeypatch):
    monkeypatch.setattr(absolute_or_hinge, "LAST", 1)


# B at C from the start with three latents and on variances; under the hinge
# one after the other, by means, and short of C at the end
ABSOLUTE = history(
    [[0.3, 0.3, 0.4], [0.3, 0.3, 0.4], [0.7, 0.7, 0.6]],
    varying=[[0, 0, 0], [0.1, 0.1, 0], [0.3, 0.3, 0]],
    capacity=[1, 1, 2],
    nll=[600, 550, 400],
)
HINGE = history(
    [[0.05, 0.05, 0.05], [0.9, 0.05, 0.05], [0.9, 0.3, 0.2]],
    varying=[[0, 0, 0], [0.8, 0, 0], [0.5, 0.2, 0.1]],
    capacity=[1, 1, 2],
    nll=[600, 500, 400],
)


def test_rows_of_runs_as_the_report_has_them():
    rows = absolute_or_hinge.rows(ABSOLUTE, HINGE, constant=580)
    assert all(row.holds for row in rows)
    assert [row.seen for row in rows] == [
        "B 0, hinge 10",
        "B 600, hinge 500",
        "B 3, hinge 1",
        "B 100%, hinge 20%",
        "B 0%, hinge 80%",
        "B 0, hinge 2",
        "B 2.00, hinge 1.40",
        "B 1.40, hinge 0.60",
        "B 0.60, hinge 0.80",
    ]


def test_rows_of_runs_the_other_way_round():
    rows = absolute_or_hinge.rows(HINGE, ABSOLUTE, constant=580)
    assert not any(row.holds for row in rows)


def test_rows_of_a_run_that_never_arrives():
    never = history([[0.0, 0.0, 0.0]] * 3)
    rows = absolute_or_hinge.rows(ABSOLUTE, never, constant=580)
    assert rows[0].seen == "B 0, hinge inf" and rows[0].holds
    assert not rows[1].holds


def test_a_line_where_each_run_reaches_c():
    never = history([[0.0, 0.0, 0.0]] * 3)
    runs = {"B": ABSOLUTE, "hinge": HINGE, "never": never}
    drawn = absolute_or_hinge.parts(runs)
    drawn.savefig(io.BytesIO())
    lines = [axes.lines[-1].get_xdata()[0] for axes in drawn.axes]
    assert lines == [0, 10, np.inf]
    assert [axes.get_title() for axes in drawn.axes] == [*runs]


def test_the_program_with_runs_as_the_report_has_them(monkeypatch, tmp_path):
    rng = np.random.default_rng(0)
    dataset = tfvae.data.from_arrays(rng.random([64, 32, 32, 1]) < 0.3)
    given = []

    def trained(params, on, images, every):
        given.append(params)
        return train.build(params, on), (ABSOLUTE, HINGE)[len(given) - 1]

    monkeypatch.setattr(absolute_or_hinge.data, "load", lambda name: dataset)
    monkeypatch.setattr(absolute_or_hinge.recording, "train", trained)
    arguments = ["--gamma", "50:4:10", "--seed", "3", "--to", str(tmp_path)]
    result = CliRunner().invoke(
        absolute_or_hinge.command, arguments, catch_exceptions=False
    )
    absolute, hinge = given
    assert [p.objective.name for p in given] == ["B", "hinge"]
    assert float(hinge.objective.gamma(5)) == 27
    assert hinge.objective.capacity == absolute.objective.capacity
    same = dataclasses.replace(hinge, objective=absolute.objective)
    assert same == absolute and absolute.seed == 3
    assert "hinge: above 0.1 nats to stay: z0 at step 10" in result.output
    assert "| B 0, hinge 10 | as expected |" in result.output
    files = {file.name for file in tmp_path.iterdir()}
    assert files == {"B.csv", "hinge.csv", "parts.png", "kl_paths.png"}
