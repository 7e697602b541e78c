"""All callbacks at once, ours and those of Keras."""

import csv
import io
from pathlib import Path

import keras
import numpy as np
import pytest
from rich.console import Console

import tfvae
from tests.training.callbacks.fitting import IMAGES
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tests.training.callbacks.fitting import rows_of
from tests.training.callbacks.fitting import steps_of
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints

DATASET = tfvae.data.from_arrays(IMAGES, np.arange(128).reshape(64, 2) % 3)


def all_of_them(directory: Path, progress: callbacks.Progress) -> list:
    """As a user would list them: those that add to the logs come first."""
    return [
        callbacks.LatentKL(),
        callbacks.Metrics(DATASET, "mig", file=directory / "metrics.csv"),
        callbacks.NaNGuard(),
        progress,
        callbacks.History(
            directory / "history.csv",
            directory / "events",
            every=2,
            report=progress.show,
        ),
        callbacks.Checkpoint(Checkpoints(directory / "checkpoints"), every=6),
        callbacks.FigureWriter(DATASET, directory / "figures", every=6),
        callbacks.CollapseWarning(DATASET, every=2),
        callbacks.StopOnSignal(),
        keras.callbacks.CSVLogger(directory / "epochs.csv"),
        keras.callbacks.ModelCheckpoint(
            directory / "best.keras", "mig", mode="max", save_best_only=True
        ),
        keras.callbacks.ReduceLROnPlateau(
            "kl/1", mode="min", patience=1, min_delta=1e3
        ),
        keras.callbacks.TensorBoard(directory / "keras", write_graph=False),
        keras.callbacks.BackupAndRestore(directory / "backup"),
        keras.callbacks.TerminateOnNaN(),
        keras.callbacks.EarlyStopping("loss", mode="max"),  # it falls
    ]


def another(**options) -> tfvae.VAE:
    """A model of its own, for what would stay in the shared one."""
    keras.utils.set_random_seed(0)
    model = tfvae.VAE((32, 32, 1), latent_dim=2, objective="B")
    model.compile(keras.optimizers.Adam(1e-3), **options)
    return model


@pytest.mark.parametrize(
    ("steps_per_execution", "replicas"), [(1, 1), (2, 1), (1, 2)]
)
def test_all_work_together(
    steps_per_execution, replicas, tmp_path, two_replicas
):
    screen = io.StringIO()
    progress = callbacks.Progress(4, steps=12, console=Console(file=screen))
    model = new(steps_per_execution)
    if replicas == 2:
        with two_replicas.scope():
            model = another()
    history = fit(model, *all_of_them(tmp_path, progress), steps=4, epochs=3)
    epochs = 2  # the third is stopped early
    names = {"loss", "nll", "kl", "capacity", "gamma", "kl/0", "kl/1", "mig"}
    assert history.keys() == names | {"learning_rate"}
    assert {len(values) for values in history.values()} == {epochs}
    assert history["learning_rate"] == pytest.approx([1e-3, 1e-3])
    rate = keras.ops.convert_to_numpy(model.optimizer.learning_rate)
    assert rate == pytest.approx(1e-4)
    with open(tmp_path / "epochs.csv", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    assert len(rows) == epochs
    assert names <= rows[0].keys()
    assert steps_of(rows_of(tmp_path / "history.csv")) == [2, 4, 6, 8]
    assert steps_of(rows_of(tmp_path / "metrics.csv")) == [4, 8]
    assert len(screen.getvalue().splitlines()) == 4
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "reconstructions-000000006.png",
        "traversals-000000006.png",
    }
    assert Checkpoints(tmp_path / "checkpoints").restore()[1] == 6
    best = keras.models.load_model(tmp_path / "best.keras")
    after = 4 if history["mig"][0] >= history["mig"][1] else 8
    assert best.optimizer.iterations == after


class Dies(keras.callbacks.Callback):
    """Ends the process, as it were, in the third epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


def test_all_go_on_from_a_backup(tmp_path):
    """Which is restored after they began."""

    def own():
        return [
            callbacks.History(tmp_path / "history.csv", every=3),
            callbacks.FigureWriter(
                DATASET, tmp_path / "figures", ["reconstructions"], every=7
            ),
            keras.callbacks.BackupAndRestore(tmp_path / "backup"),
        ]

    with pytest.raises(KeyboardInterrupt):
        fit(another(run_eagerly=True), *own(), Dies(), steps=4, epochs=4)
    model = another(run_eagerly=True)
    fit(model, *own(), steps=4, epochs=4)
    assert model.optimizer.iterations == 16
    rows = rows_of(tmp_path / "history.csv")
    # the rest of an epoch that was cut off is in no row
    assert steps_of(rows) == [3, 6, 9, 12, 15, 16]
    assert [path.name for path in sorted((tmp_path / "figures").iterdir())] == [
        "reconstructions-000000007.png",
        "reconstructions-000000014.png",
    ]
    capacity = [row["capacity"] for row in rows]
    assert capacity == sorted(capacity)
    assert capacity[-1] == pytest.approx(25 * 15 / 100_000, rel=1e-4)
