import csv
import functools
import io
import os
import signal
import threading

import keras
import numpy as np
import pytest
import tensorflow as tf
from rich.console import Console
from tensorboard.backend.event_processing import event_accumulator

import tfvae
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints

IMAGES = np.random.default_rng(0).integers(0, 2, [64, 32, 32, 1]) > 0
DATASET = tfvae.data.from_arrays(IMAGES)


@functools.cache
def compiled(steps_per_execution: int):
    """A model that keeps its traced step, and the values it began with."""
    keras.utils.set_random_seed(0)
    model = tfvae.VAE((32, 32, 1), latent_dim=2, objective="B")
    model.compile(
        keras.optimizers.Adam(1e-3), steps_per_execution=steps_per_execution
    )
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    return model, [(v, v.numpy()) for v in variables]


def new(steps_per_execution: int = 1) -> tfvae.VAE:
    """The same untrained model every time."""
    model, values = compiled(steps_per_execution)
    for variable, value in values:
        variable.assign(value)
    return model


def fit(model, *own, steps=12, epochs=1) -> dict[str, list[float]]:
    return model.fit(
        DATASET.batches(4, seed=0),
        steps_per_epoch=steps,
        epochs=epochs,
        callbacks=list(own),
        shuffle=False,
        verbose=0,
    ).history


def fit_with_a_nan(model, *own, step: int) -> None:
    """Train on images of which the batch of one step is not a number."""
    images = IMAGES.astype("float32")
    images[4 * (step - 1)] = np.nan
    batches = tf.data.Dataset.from_tensor_slices(images).batch(4, True)
    model.fit(batches, callbacks=list(own), shuffle=False, verbose=0)


def rows_of(file) -> list[dict[str, float]]:
    with open(file, newline="") as lines:
        return [
            {name: float(value) for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]


def steps_of(rows) -> list[float]:
    return [row["step"] for row in rows]


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


# === History ===


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


# === NaNGuard and Checkpoint ===


@pytest.mark.parametrize("start_step", [0, 100])
def test_a_nan_stops_training_and_names_the_step_and_the_terms(start_step):
    model = new()
    # the ReLU of some processors makes the encoder's NaN a 0
    text = f"step {start_step + 3}: (kl, )?loss, nll"
    with pytest.raises(callbacks.NotANumber, match=text):
        fit_with_a_nan(model, callbacks.NaNGuard(start_step=start_step), step=3)
    assert model.optimizer.iterations == 3


def test_too_large_a_learning_rate_stops_training():
    model = new()
    model.optimizer.learning_rate.assign(1e30)
    with pytest.raises(callbacks.NotANumber, match="Lower the learning rate"):
        fit(model, callbacks.NaNGuard())
    assert model.optimizer.iterations < 12


def test_a_nan_leaves_the_checkpoint_before_it(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    with pytest.raises(callbacks.NotANumber):
        fit_with_a_nan(
            new(),
            callbacks.NaNGuard(),
            callbacks.Checkpoint(checkpoints, every=1),
            step=3,
        )
    restored, step = checkpoints.restore()
    assert step == 2
    assert all(np.isfinite(v).all() for v in restored.weights)


@pytest.mark.parametrize(
    ("every", "start_step", "saved"),
    [(5, 0, [5, 10]), (4, 6, [8, 12, 16]), (7, 6, [7, 14]), (50, 6, [])],
)
def test_checkpoints_are_saved_at_multiples(every, start_step, saved, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    fit(new(), callbacks.Checkpoint(checkpoints, every, start_step))
    assert checkpoints.paths() == [
        tmp_path / f"step-{step:09d}.keras" for step in reversed(saved)
    ]


def test_a_checkpoint_holds_the_steps_it_is_named_after(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    fit(
        new(steps_per_execution=2),
        callbacks.Checkpoint(checkpoints, every=3),
        steps=4,
        epochs=2,
    )
    restored, step = checkpoints.restore()
    assert step == restored.optimizer.iterations == 6


# === StopOnSignal ===


@pytest.fixture
def handlers():
    """The handlers of the signals, put back after the test."""
    before = {n: signal.getsignal(n) for n in callbacks.StopOnSignal.SIGNALS}
    yield before
    for number, handler in before.items():
        signal.signal(number, handler)


def handlers_now() -> dict:
    return {n: signal.getsignal(n) for n in callbacks.StopOnSignal.SIGNALS}


def sends(number, step: int) -> keras.callbacks.Callback:
    """Has a thread send this process a signal after a step."""

    def send(batch, logs):
        if batch + 1 == step:
            thread = threading.Thread(
                target=os.kill, args=[os.getpid(), number]
            )
            thread.start()
            thread.join()

    return keras.callbacks.LambdaCallback(on_train_batch_end=send)


@pytest.mark.parametrize("number", callbacks.StopOnSignal.SIGNALS)
def test_a_signal_ends_fit_after_the_step_at_hand(number, handlers):
    model = new()
    with callbacks.StopOnSignal() as stop:
        fit(model, stop, sends(number, step=3), steps=100_000)
    assert stop.stopped
    assert 3 <= model.optimizer.iterations < 100
    assert handlers_now() == handlers


def test_without_a_signal_fit_runs_to_its_end(handlers):
    model = new()
    with callbacks.StopOnSignal() as stop:
        fit(model, stop)
    assert not stop.stopped
    assert model.optimizer.iterations == 12
    assert handlers_now() == handlers


def test_a_second_ctrl_c_does_not_wait_for_the_step(handlers):
    twice = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: [
            signal.raise_signal(signal.SIGINT) for _ in range(2)
        ]
    )
    with pytest.raises(KeyboardInterrupt), callbacks.StopOnSignal() as stop:
        fit(new(), stop, twice)


def test_the_handlers_come_back_when_fit_fails(handlers):
    with pytest.raises(callbacks.NotANumber), callbacks.StopOnSignal() as stop:
        fit_with_a_nan(new(), callbacks.NaNGuard(), stop, step=1)
    assert handlers_now() == handlers


# === Progress ===


@pytest.mark.parametrize("steps_per_execution", [1, 2])
def test_without_a_terminal_every_row_is_a_line(steps_per_execution, tmp_path):
    screen = io.StringIO()
    progress = callbacks.Progress(
        batch_size=4, steps=112, start_step=100, console=Console(file=screen)
    )
    history = callbacks.History(
        tmp_path / "history.csv", None, 4, 100, progress.show
    )
    fit(new(steps_per_execution), progress, history)
    lines = screen.getvalue().splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        ["step", f"{step}/112"] for step in (104, 108, 112)
    ]
    for line in lines:
        for name in (" left", " images/s", *tfvae.objectives.get("B").terms):
            assert name in line


def test_on_a_terminal_a_bar_reaches_its_end():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with callbacks.Progress(4, steps=12, console=console) as progress:
        fit(new(), progress)
    assert "12/12" in screen.getvalue()


def test_the_speed_is_that_of_the_steps(monkeypatch):
    clock = iter([10.0, 14.0, 20.0])
    monkeypatch.setattr(callbacks.time, "monotonic", lambda: next(clock))
    progress = callbacks.Progress(batch_size=4, steps=23)
    assert progress.images_per_second == 0.0
    for batch in range(3):
        progress.on_train_batch_end(batch)
    assert progress.images_per_second == 2 * 4 / 10.0
    assert progress.seconds_left == 20 * 4 / 0.8


SHOW_CURSOR = "\x1b[?25h"


def test_the_cursor_comes_back_when_fit_fails():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with (
        pytest.raises(callbacks.NotANumber),
        callbacks.Progress(4, steps=12, console=console) as progress,
    ):
        fit_with_a_nan(new(), callbacks.NaNGuard(), progress, step=2)
    assert SHOW_CURSOR in screen.getvalue()


# === Together ===


def test_beside_the_callbacks_of_keras(tmp_path):
    checkpoints = Checkpoints(tmp_path / "checkpoints")
    best = tmp_path / "best.keras"
    fit(
        new(),
        callbacks.NaNGuard(),
        callbacks.History(tmp_path / "history.csv", every=2),
        callbacks.Checkpoint(checkpoints, every=3),
        callbacks.StopOnSignal(),
        keras.callbacks.EarlyStopping("loss", mode="max"),  # it falls
        keras.callbacks.CSVLogger(tmp_path / "epochs.csv"),
        keras.callbacks.ModelCheckpoint(best, "loss", save_best_only=True),
        keras.callbacks.TerminateOnNaN(),
        steps=4,
        epochs=3,
    )
    assert steps_of(rows_of(tmp_path / "history.csv")) == [2, 4, 6, 8]
    assert len((tmp_path / "epochs.csv").read_text().splitlines()) == 1 + 2
    assert checkpoints.restore()[1] == 6
    assert keras.models.load_model(best).optimizer.iterations == 8
