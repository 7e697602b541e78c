import os
import signal
import threading

import keras
import pytest

from tests.training.callbacks.fitting import fit
from tests.training.callbacks.fitting import fit_with_a_nan
from tests.training.callbacks.fitting import new
from tfvae import callbacks


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
