import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing import event_accumulator

from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tests.training.callbacks.fitting import rows_of
from tests.training.callbacks.fitting import steps_of
from tfvae import callbacks


@pytest.fixture(scope="module")
def every_step(tmp_path_factory) -> list[dict[str, float]]:
    """The row of each of the first twelve steps."""
    file = tmp_path_factory.mktemp("every_step") / "history.csv"
    fit(new(), callbacks.History(file, every=1))
    return rows_of(file)


def assert_means(rows, every_step):
    """Each row is the mean of the steps since the row before."""
    last = 0
    for row in rows:
        window = every_step[last : int(row["step"])]
        last = int(row["step"])
        for name in row.keys() - {"step"}:
            mean = np.mean([step[name] for step in window])
            assert row[name] == pytest.approx(mean, rel=1e-4, abs=1e-5), name


def test_a_row_has_the_terms_the_schedules_and_every_latent(every_step):
    assert [*every_step[0]] == [
        "step",
        "gamma",
        "loss",
        "nll",
        "kl",
        "capacity",
        "kl/0",
        "kl/1",
    ]
    for row in every_step:
        assert row["kl/0"] + row["kl/1"] == pytest.approx(row["kl"], rel=1e-4)


def test_rows_are_means_over_the_steps_since_the_row_before(
    tmp_path, every_step
):
    file = tmp_path / "history.csv"
    fit(new(), callbacks.History(file, every=5))
    assert steps_of(rows_of(file)) == [5, 10, 12]
    assert_means(rows_of(file), every_step)


def test_rows_run_on_over_the_ends_of_epochs(tmp_path, every_step):
    file = tmp_path / "history.csv"
    fit(new(), callbacks.History(file, every=3), steps=4, epochs=3)
    assert steps_of(rows_of(file)) == [3, 6, 9, 12]
    assert_means(rows_of(file), every_step)


def test_rows_come_when_an_execution_passes_their_step(tmp_path, every_step):
    file = tmp_path / "history.csv"
    fit(new(steps_per_execution=2), callbacks.History(file, every=3))
    assert steps_of(rows_of(file)) == [4, 6, 10, 12]
    assert_means(rows_of(file), every_step)


def test_a_run_shorter_than_a_row_has_one_row(tmp_path, every_step):
    file = tmp_path / "history.csv"
    fit(new(), callbacks.History(file, every=100))
    assert steps_of(rows_of(file)) == [12]
    assert_means(rows_of(file), every_step)


def test_history_leaves_the_means_of_an_epoch_alone(tmp_path):
    without = fit(new(), steps=4, epochs=2)
    history = callbacks.History(tmp_path / "history.csv", every=3)
    assert fit(new(), history, steps=4, epochs=2) == without


def test_a_resumed_run_drops_the_rows_after_its_checkpoint(tmp_path):
    file = tmp_path / "history.csv"
    model = new()
    fit(model, callbacks.History(file, every=2), steps=8)
    before = file.read_text().splitlines()
    fit(model, callbacks.History(file, every=2, start_step=5), steps=3)
    after = file.read_text().splitlines()
    assert steps_of(rows_of(file)) == [2, 4, 6, 8]
    assert after[:3] == before[:3]
    assert after[3:] != before[3:]


def test_half_a_row_that_a_kill_left_is_dropped(tmp_path):
    file = tmp_path / "history.csv"
    model = new()
    fit(model, callbacks.History(file, every=2), steps=4)
    with open(file, "a") as lines:
        lines.write("1")
    fit(model, callbacks.History(file, every=2, start_step=4), steps=4)
    assert steps_of(rows_of(file)) == [2, 4, 6, 8]


def test_rows_reach_tensorboard_and_the_report_too(tmp_path):
    file, reported = tmp_path / "history.csv", []
    fit(
        new(),
        callbacks.History(file, tmp_path, every=2, report=reported.append),
        steps=4,
    )
    rows = rows_of(file)
    assert reported == rows
    events = event_accumulator.EventAccumulator(str(tmp_path)).Reload()
    for name in rows[0].keys() - {"step"}:
        stored = [
            (event.step, float(tf.make_ndarray(event.tensor_proto)))
            for event in events.Tensors(name)
        ]
        assert stored == [(row["step"], row[name]) for row in rows]
