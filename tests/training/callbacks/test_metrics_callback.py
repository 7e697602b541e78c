import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing import event_accumulator

import tfvae
from tests.training.callbacks.fitting import IMAGES
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tests.training.callbacks.fitting import rows_of
from tests.training.callbacks.fitting import steps_of
from tfvae import callbacks

FACTORS = np.stack(np.unravel_index(np.arange(64) % 6, (2, 3)), axis=1)
DATASET = tfvae.data.from_arrays(IMAGES, FACTORS)
TWO = ["mig", "dci"]


class Measures(keras.callbacks.Callback):
    """Measures the MIG at the end of each epoch by itself."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        result = tfvae.metrics.evaluate(self.model, DATASET, "mig")
        self.seen.append(result["metrics"]["mig"]["scores"]["mig"])


def test_every_epoch_ends_with_the_scores_of_its_model():
    measures = Measures()
    history = fit(
        new(), callbacks.Metrics(DATASET, TWO), measures, steps=2, epochs=3
    )
    assert history["mig"] == measures.seen
    assert len({*measures.seen}) == 3
    for name in ("disentanglement", "completeness", "informativeness"):
        assert len(history[f"dci/{name}"]) == 3


def test_between_measurements_an_epoch_repeats_the_scores(tmp_path):
    """Steps 2, 4, 6, 8 end epochs; 2 has no score yet, 5 and 10 are due."""
    file, measures = tmp_path / "metrics.csv", Measures()
    measured = callbacks.Metrics(DATASET, "mig", every=5, file=file)
    history = fit(new(), measured, measures, steps=2, epochs=5)
    rows = rows_of(file)
    assert steps_of(rows) == [2, 5, 10]
    at = [row["mig"] for row in rows]
    assert history["mig"] == [at[0], at[0], at[1], at[1], at[2]]
    assert (at[0], at[2]) == (measures.seen[0], measures.seen[4])
    assert measured.scores == {"mig": at[2]}


def test_scores_go_to_tensorboard(tmp_path):
    file = tmp_path / "metrics.csv"
    fit(
        new(),
        callbacks.Metrics(DATASET, "mig", file=file, events=tmp_path),
        steps=2,
        epochs=2,
    )
    events = event_accumulator.EventAccumulator(str(tmp_path)).Reload()
    stored = [
        (event.step, float(tf.make_ndarray(event.tensor_proto)))
        for event in events.Tensors("mig")
    ]
    assert stored == [
        (row["step"], pytest.approx(row["mig"])) for row in rows_of(file)
    ]


def test_a_resumed_run_drops_the_rows_after_its_checkpoint(tmp_path):
    file, model = tmp_path / "metrics.csv", new()
    fit(model, callbacks.Metrics(DATASET, "mig", 2, file=file), steps=6)
    again = callbacks.Metrics(DATASET, "mig", 2, start_step=4, file=file)
    fit(model, again, steps=4)
    assert steps_of(rows_of(file)) == [2, 4, 6, 8]


def test_callbacks_after_it_can_monitor_a_score():
    """No score is as high as 2."""
    model = new()
    fit(
        model,
        callbacks.Metrics(DATASET, "mig"),
        keras.callbacks.EarlyStopping("mig", mode="max", baseline=2.0),
        steps=2,
        epochs=5,
    )
    assert model.optimizer.iterations == 4


def test_images_alone_have_the_scores_that_need_no_factors():
    history = fit(new(), callbacks.Metrics(IMAGES), steps=1)
    assert "active_units" in history
    assert "mig" not in history


def test_a_score_that_is_missing_once_is_not_a_number(monkeypatch):
    measured = callbacks.Metrics(DATASET, TWO)
    results = iter([{"mig": 0.5, "dci/completeness": 0.25}, {"mig": 0.75}])
    monkeypatch.setattr(measured, "_measure", lambda: next(results))
    history = fit(new(), measured, steps=1, epochs=2)
    assert history["mig"] == [0.5, 0.75]
    assert history["dci/completeness"] == pytest.approx(
        [0.25, np.nan], nan_ok=True
    )


def test_a_wrong_name_shows_before_training():
    with pytest.raises(ValueError, match="Did you mean 'mig'"):
        callbacks.Metrics(DATASET, "migg")


def test_a_named_metric_that_cannot_be_measured_stops_fit():
    with pytest.raises(ValueError, match="Metric mig: It needs ground truth"):
        fit(new(), callbacks.Metrics(IMAGES, "mig"), steps=1)
