from types import SimpleNamespace

import keras
import pytest

import tfvae
from tests.training.callbacks.fitting import IMAGES
from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import new
from tfvae import callbacks


class Steps(callbacks.StepCallback):
    """Notes the steps at which it was called."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.started, self.called = [], []

    def on_start(self, step):
        self.started.append(step)

    def on_step(self, step, logs):
        assert {"loss", "nll", "kl"} <= logs.keys()
        self.called.append(step)


@pytest.mark.parametrize(
    ("every", "start_step", "called"),
    [(5, None, [5, 10]), (4, 6, [8, 12, 16]), (50, 6, []), (None, 6, [12, 18])],
)
def test_steps_that_are_due(every, start_step, called):
    steps = Steps(every, start_step)
    fit(new(), steps, steps=6, epochs=2)
    assert steps.called == called
    assert steps.started == [start_step or 0]


def test_an_execution_of_several_steps_calls_once():
    steps = Steps(every=3)
    fit(new(steps_per_execution=4), steps, steps=8)
    assert steps.called == [4, 8]


def test_one_fit_counts_on_from_another():
    model, both, second = new(), Steps(every=2), Steps(every=2)
    fit(model, both, steps=3)
    fit(model, both, second, steps=3)
    assert (both.started, both.called) == ([0, 3], [2, 4, 6])
    assert (second.started, second.called) == ([3], [4, 6])


class Restores(keras.callbacks.Callback):
    """Sets the model to where another process left it."""

    def on_train_begin(self, logs=None):
        self.model.optimizer.iterations.assign(100)


@pytest.mark.parametrize("first", [True, False])
def test_it_counts_on_from_what_another_callback_restored(first):
    steps = Steps(every=2)
    own = [steps, Restores()] if first else [Restores(), steps]
    fit(new(), *own, steps=4)
    assert (steps.started, steps.called) == ([100], [102, 104])


def test_steps_never_go_back_where_several_make_one_iteration():
    optimizer = keras.optimizers.Adam(gradient_accumulation_steps=2)
    model = tfvae.VAE((32, 32, 1), latent_dim=2)
    model.compile(optimizer, run_eagerly=True)
    steps = Steps(every=3)
    images = IMAGES[:16].astype("float32")
    model.fit(images, batch_size=4, epochs=3, callbacks=[steps], verbose=0)
    assert optimizer.iterations == 6
    assert steps.called == [3, 6, 9, 12]


def test_a_callback_may_go_from_one_model_to_a_younger_one():
    steps = Steps(every=2)
    for done in (10, 0):
        optimizer = SimpleNamespace(iterations=done)
        steps.set_model(SimpleNamespace(optimizer=optimizer))
        steps.on_train_begin()
        steps.on_epoch_begin(0)
        assert steps.step == done


def test_no_steps_between_two_calls_are_refused():
    with pytest.raises(ValueError, match="Received: every=0"):
        Steps(every=0)
