import csv

import keras
import numpy as np
import pytest

import tfvae
from tests.training.callbacks.fitting import IMAGES
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tests.training.callbacks.fitting import rows_of
from tfvae import callbacks

NAMES = ["kl/0", "kl/1", "gamma"]


def test_every_epoch_has_the_mean_over_its_own_steps(tmp_path):
    """Beside a history with windows of its own, which stay as they are."""
    files = tmp_path / "every.csv", tmp_path / "third.csv"
    history = fit(
        new(),
        callbacks.History(files[0], every=1),
        callbacks.LatentKL(),
        callbacks.History(files[1], every=3),
        steps=4,
        epochs=2,
    )
    every, third = map(rows_of, files)
    for name in NAMES:
        values = [row[name] for row in every]
        epochs = [np.mean(values[:4]), np.mean(values[4:])]
        assert history[name] == pytest.approx(epochs, rel=1e-5), name
        windows = [np.mean(values[i : i + 3]) for i in (0, 3, 6)]
        assert [row[name] for row in third] == pytest.approx(windows, rel=1e-5)
    total = np.add(history["kl/0"], history["kl/1"])
    np.testing.assert_allclose(total, history["kl"], rtol=1e-4)


def test_terms_stay_those_of_keras():
    with_it = fit(new(), callbacks.LatentKL(), steps=4, epochs=2)
    without = fit(new(), steps=4, epochs=2)
    assert {k: v for k, v in with_it.items() if k not in NAMES} == without


def test_schedules_are_where_the_epoch_ends():
    objective = tfvae.objectives.get("H", beta="0:4:4")
    model = tfvae.VAE((32, 32, 1), latent_dim=2, objective=objective)
    model.compile("adam")
    history = fit(model, callbacks.LatentKL(), steps=2, epochs=2)
    assert history["beta"] == [2.0, 4.0]


def test_validation_is_not_counted():
    images = IMAGES[:8].astype("float32")
    histories = [
        new()
        .fit(
            images,
            batch_size=4,
            validation_data=validation,
            callbacks=[callbacks.LatentKL()],
            shuffle=False,
            verbose=0,
        )
        .history
        for validation in (None, (images,))
    ]
    assert histories[0]["kl/0"] == histories[1]["kl/0"] != [0.0]
    assert "val_kl" in histories[1]


def test_callbacks_after_it_see_the_latents(tmp_path):
    model = new()
    rate = float(model.optimizer.learning_rate)
    fit(
        model,
        callbacks.LatentKL(),
        keras.callbacks.CSVLogger(tmp_path / "epochs.csv"),
        # no epoch is that much better than the one before
        keras.callbacks.ReduceLROnPlateau(
            "kl/1", factor=0.5, patience=1, mode="min", min_delta=1e3
        ),
        steps=2,
        epochs=2,
    )
    with open(tmp_path / "epochs.csv", newline="") as lines:
        assert {*NAMES} <= {*csv.DictReader(lines).fieldnames}
    assert float(model.optimizer.learning_rate) == pytest.approx(rate / 2)
