"""What every registered objective, network and likelihood must do."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tests.one_layer import OneLayer
from tests.oracles import random_forward
from tfvae import callbacks
from tfvae import networks
from tfvae import objectives
from tfvae import registry
from tfvae.likelihoods import LIKELIHOODS

SHAPE = (32, 32, 1)
EVERY_OBJECTIVE = pytest.mark.parametrize("objective", objectives.names())
EVERY_CHOICE = pytest.mark.parametrize(
    "choice",
    [
        *({"objective": name} for name in objectives.names()),
        *({"network": name} for name in networks.names()),
        *({"likelihood": name} for name in LIKELIHOODS.names()),
    ],
    ids=lambda choice: "-".join(choice.values()),
)


def images(count: int = 8) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 2, [count, *SHAPE]).astype("float32")


def model_of(choice, optimizer=None) -> tfvae.VAE:
    keras.utils.set_random_seed(0)
    objective = objectives.get(choice.get("objective", "H")).for_dataset(1000)
    model = tfvae.VAE(SHAPE, 4, **{**choice, "objective": objective})
    model.compile(optimizer=optimizer or keras.optimizers.Adam(1e-3))
    return model


def weights(model) -> list[np.ndarray]:
    """Of the model, and of what its objective has beside it."""
    beside = model.companion.variables if model.companion else []
    return [*trainable(model), *(variable.numpy() for variable in beside)]


def trainable(model) -> list[np.ndarray]:
    return [v.numpy() for v in model.trainable_variables]


def optimizers(model) -> list[keras.optimizers.Optimizer]:
    """The model's, and that of what its objective trains beside it."""
    beside = getattr(model.companion, "optimizer", None)
    return [model.optimizer, *([beside] if beside else [])]


@EVERY_OBJECTIVE
def test_terms_are_as_declared_and_finite(objective):
    objective = objectives.get(objective).for_dataset(1000)
    forward = random_forward()._replace(companion=objective.companion(3))
    terms = objective(forward, tf.constant(3, tf.int64))
    assert tuple(terms) == objective.terms
    assert objective.terms[0] == "loss"
    for value in terms.values():
        assert value.shape in [(6,), ()]
        assert np.isfinite(value).all()


@EVERY_OBJECTIVE
def test_an_objective_survives_json(objective):
    objective = objectives.get(objective).for_dataset(1000)
    stored = json.loads(json.dumps(registry.config(objective)))
    assert objectives.get(stored) == objective


@EVERY_CHOICE
def test_a_saved_model_loads_whole_and_trains_on_as_if_never_saved(
    choice, tmp_path
):
    model, x = model_of(choice), images()
    before = trainable(model)
    model.fit(x, verbose=0)
    for old, new in zip(before, trainable(model), strict=True):
        assert not np.array_equal(old, new)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    assert registry.config(again.objective) == registry.config(model.objective)
    assert again.network == model.network
    assert again.likelihood == model.likelihood
    for trained in (model, again):
        trained.fit(x, verbose=0)
    for one, two in zip(model.variables, again.variables, strict=True):
        np.testing.assert_array_equal(one, two)
    for ours, theirs in zip(optimizers(model), optimizers(again), strict=True):
        for one, two in zip(ours.variables, theirs.variables, strict=True):
            np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    "objective",
    [*objectives.names(), {"name": "TC", "estimator": "MSS"}],
    ids=str,
)
def test_two_replicas_equal_one(objective, two_replicas):
    """The same loss and, with plain gradient descent, the same weights, also
    where the last batch is shared unequally."""
    batches = tf.data.Dataset.from_tensor_slices(images(21)).batch(8)
    results = []
    for strategy in (tf.distribute.get_strategy(), two_replicas):
        with strategy.scope():
            model = model_of(
                {"objective": objective, "network": OneLayer()},
                keras.optimizers.SGD(1e-4),
            )
        logs = model.fit(batches, verbose=0, shuffle=False).history
        results.append((logs, model.recent.result(), weights(model)))
    (one, recent_one, weights_one), (two, recent_two, weights_two) = results
    for term in one:
        np.testing.assert_allclose(one[term], two[term], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(recent_one, recent_two, rtol=1e-4, atol=1e-3)
    for a, b in zip(weights_one, weights_two, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


@EVERY_OBJECTIVE
def test_callbacks_take_every_objective(objective, tmp_path):
    choice = {"objective": objective, "network": OneLayer()}
    model, x = model_of(choice), images()
    model.run_eagerly = True
    own = [
        callbacks.NaNGuard(),
        callbacks.LatentKL(),
        callbacks.History(tmp_path / "history.csv"),
        callbacks.FigureWriter(x, tmp_path),
        callbacks.Metrics(x),
        callbacks.CollapseWarning(x, every=1),
    ]
    logs = model.fit(x, batch_size=4, callbacks=own, verbose=0).history
    expected = {"kl/3", "active_units", *model.objective.terms}
    assert expected | {*model.objective.schedules(0)} <= logs.keys()


def test_the_pipeline_feeds_two_replicas_as_one(two_replicas):
    dataset = tfvae.data.from_arrays(images(30))
    results = []
    for strategy in (tf.distribute.get_strategy(), two_replicas):
        with strategy.scope():
            model = model_of({"objective": "B"}, keras.optimizers.SGD(1e-4))
        model.fit(
            dataset.batches(8, seed=0),
            steps_per_epoch=3,
            shuffle=False,
            verbose=0,
        )
        results.append(trainable(model))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
