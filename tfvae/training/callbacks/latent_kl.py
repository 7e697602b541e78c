"""The KL of every latent in the logs of an epoch."""

import keras


class LatentKL(keras.callbacks.Callback):
    """Add the KL of every latent and the schedules to the logs of each epoch.

    The mean KL of latent j over the epoch is "kl/j", in nats; "beta", "gamma"
    and whatever else the objective has a schedule for is the value after the
    epoch. They are in the `History` that `fit` returns, and any callback that
    comes after this one in the list sees them.
    """

    def on_epoch_begin(self, epoch, logs=None):
        self.model.take_recent(self)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in self.model.take_recent(self).items():
            logs.setdefault(name, value)
