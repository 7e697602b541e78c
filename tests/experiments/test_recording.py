import csv
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from matplotlib.figure import Figure

import tfvae
from experiments import recording
from params import PRESETS

LATENTS = 3
DATASET = tfvae.data.from_arrays(
    np.random.default_rng(0).random([64, 32, 32, 1]) < 0.3
)
PARAMS = replace(
    PRESETS["quick-B"], latent_dim=LATENTS, steps=4, batch_size=4, seed=1
)


@pytest.fixture(scope="module")
def images():
    return recording.some_images(DATASET, 10)


@pytest.fixture(scope="module")
def trained(images):
    return recording.train(PARAMS, DATASET, images, every=2)


def test_the_parts_are_the_closed_form_kl():
    rng = np.random.default_rng(0)
    means, log_vars = rng.normal(size=[2, 100, LATENTS])
    parts = recording.kl_parts(means + 2, log_vars - 1)
    posterior = tfvae.variational.posterior(means + 2, log_vars - 1)
    kl = posterior.distribution.kl_divergence(
        tfvae.variational.tfd.Normal(np.float64(0), 1)
    )
    np.testing.assert_allclose(sum(parts.values()), np.mean(kl, 0))


def test_each_part_is_what_its_name_says():
    # means 1 and 5: offset 3, variance 4; log var 0 and -2
    means = np.array([[1.0, 0.0], [5.0, 0.0]])
    log_vars = np.array([[0.0, -2.0], [0.0, -2.0]])
    parts = recording.kl_parts(means, log_vars)
    np.testing.assert_allclose(parts["varying"], [2, 0])
    np.testing.assert_allclose(parts["offset"], [4.5, 0])
    np.testing.assert_allclose(parts["variance"], [0, (np.exp(-2) + 1) / 2])


def test_a_row_before_training_and_one_every_two_steps(trained, images):
    model, history = trained
    assert history["step"].tolist() == [0, 2, 4]
    capacity = [float(PARAMS.objective.capacity(step)) for step in (0, 2, 4)]
    assert history["capacity"] == pytest.approx(capacity)
    assert not np.any(np.diff(history["nll"]) == 0)


def test_the_last_row_is_of_the_trained_model(trained, images):
    model, history = trained
    forward = model.infer(images, tf.constant([0, 1]))
    nll = float(tf.reduce_mean(forward.nll()))
    latent_kl = tf.reduce_mean(forward.latent_kl(), 0)
    assert history["nll"][-1] == pytest.approx(nll, rel=1e-5)
    kl = recording.latent_columns(history, "kl")
    assert kl.shape == (3, LATENTS)
    np.testing.assert_allclose(kl[-1], latent_kl, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(kl.sum(axis=1), history["kl"], rtol=1e-6)
    parts = [recording.latent_columns(history, p) for p in recording.PARTS]
    np.testing.assert_allclose(sum(parts), kl, rtol=1e-5, atol=1e-7)


def test_the_same_seed_gives_the_same_history(trained, images):
    _, again = recording.train(PARAMS, DATASET, images, every=2)
    for name, column in trained[1].items():
        np.testing.assert_array_equal(again[name], column)


def test_what_is_written_is_the_history(trained, tmp_path):
    file = tmp_path / "new" / "history.csv"
    recording.write(trained[1], file)
    with open(file, newline="") as lines:
        rows = [*csv.DictReader(lines)]
    for name, column in trained[1].items():
        assert [float(row[name]) for row in rows] == column.tolist()


def test_the_drawn_parts_add_up_to_the_kl(trained):
    axes = Figure().add_subplot()
    recording.draw_parts(axes, trained[1])
    tops = [
        area.get_paths()[0].vertices[:, 1].max() for area in axes.collections
    ]
    assert len(tops) == len(recording.PARTS)
    assert tops[-1] == pytest.approx(trained[1]["kl"].max(), rel=1e-5)
    assert axes.lines[0].get_ydata() == pytest.approx(trained[1]["capacity"])
