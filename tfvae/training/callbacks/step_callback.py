"""What every callback that counts steps is made of."""

import keras


class StepCallback(keras.callbacks.Callback):
    """Base class: calls `on_step` after every `every` training steps.

    Args:
        every: steps between two calls; None for the end of each epoch.
        start_step: steps done before this `fit`; None for the iterations of
            the optimizer, which go on counting from one `fit` to the next,
            and in a model that was saved or backed up.
    """

    def __init__(self, every: int | None = None, start_step: int | None = None):
        super().__init__()
        if every is not None and every < 1:
            raise ValueError(
                f"Argument `every` must be >= 1, or None for every epoch. "
                f"Received: every={every}"
            )
        self.every = every
        self.start_step = start_step
        self.step = self._done_before_epoch = start_step or 0
        self._started = False

    def on_train_begin(self, logs=None):
        self.step = self._done_before_epoch = self.start_step or 0
        self._started = False

    def on_epoch_begin(self, epoch, logs=None):
        if self.start_step is None:
            # gradient accumulation makes them fewer than the steps
            done = keras.ops.convert_to_numpy(self.model.optimizer.iterations)
            self.step = max(self.step, int(done))
        self._done_before_epoch = self.step
        if not self._started:
            self._started = True
            self.on_start(self.step)

    def on_train_batch_end(self, batch, logs=None):
        before = self.step
        self.step = self._done_before_epoch + batch + 1
        if self.every and self.step // self.every > before // self.every:
            self.on_step(self.step, logs or {})

    def on_epoch_end(self, epoch, logs=None):
        if self.every is None:
            self.on_step(self.step, logs or {})

    def on_start(self, step: int) -> None:
        """What to do before the first step of a `fit`.

        Every callback's `on_train_begin` is over, so that what one of them
        restored is in the model.
        """

    def on_step(self, step: int, logs: dict) -> None:
        """What to do at a step that is due; `logs` as Keras gives them."""
        raise NotImplementedError
