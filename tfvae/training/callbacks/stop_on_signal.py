"""End training in an orderly way."""

import signal
from typing import Self

import keras

from tfvae import replicas


class StopOnSignal(keras.callbacks.Callback):
    """End `fit` after the step at hand on Ctrl-C or SIGTERM.

    A second signal does what it would have done. A context manager around
    `fit`, so that the handlers come back even when `fit` fails:

        with StopOnSignal() as stop:
            model.fit(images, callbacks=[stop])

    Attributes:
        stopped: whether a signal came.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    stopped = False

    def __enter__(self) -> Self:
        self._before = {s: signal.signal(s, self._stop) for s in self.SIGNALS}
        return self

    def __exit__(self, *error):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        # a signal before the first step would be forgotten by `fit`
        stopped = replicas.on_any_host(
            self.stopped, self.model.distribute_strategy
        )
        self.model.stop_training = self.model.stop_training or stopped

    def _stop(self, number, frame):
        self.stopped = True
        signal.signal(number, self._before[number])
