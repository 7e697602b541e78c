"""What the next latent would pay, and whether the encoder can hear it.

For each run given, at its last step:

    gain     nats of reconstruction that a latent which is off would gain for
             its first nat of KL, were it to open; it opens by itself only if
             this is above the price of a nat
    pull     size of the encoder's gradient of the reconstruction
    push     size of its gradient of gamma |KL - C|, which flips its sign
             whenever the KL passes C

Expected: where the push is much larger than the pull, Adam divides the
reconstruction's steps by the size of the push, and latents stay shut however
large their gain.

A latent j that is off sends z_j ~ N(0, 1) into the decoder. Let f be the
encoder's last hidden layer, centred, h the input of the decoder's first
activation, and g the gradient of the reconstruction with respect to h. Opened
a little (mean_j = a'f, s^2 = E[(a'f)^2], h + w z_j), the latent changes the
reconstruction by E[(a'f)(g'w)] + w'Fw / 2, F being the Fisher information of h
in p(x|z), and the KL by s^2 / 2. The best a and w gain per nat the square of
the largest singular value of Cov(f)^(-1/2) E[f g'] F^(-1/2).

Run: python experiments/price_of_a_latent.py RUN [RUN ...]
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae import data

import keras  # isort: skip
import tensorflow as tf  # isort: skip

IMAGES = 25_000
BATCH_SIZE = 500


def inverse_root(covariance: np.ndarray) -> np.ndarray:
    """W with W' covariance W = 1, over the directions that vary."""
    variances, directions = np.linalg.eigh(covariance)
    vary = variances > 1e-5 * variances.max()
    return directions[:, vary] / np.sqrt(variances[vary])


def opening_gain(
    features: np.ndarray, gradients: np.ndarray, fisher_gradients: np.ndarray
) -> float:
    """Nats gained per nat by the best small latent.

    Args:
        features: f of each image, `[N, F]`.
        gradients: g of each image, `[N, H]`.
        fisher_gradients: g where the image is a sample of p(x|z), `[N, H]`.
    """
    n = len(features)
    features = features - features.mean(axis=0)
    whiten_f = inverse_root(features.T @ features / n)
    whiten_g = inverse_root(fisher_gradients.T @ fisher_gradients / n)
    cross = whiten_f.T @ (features.T @ gradients / n) @ whiten_g
    return float(np.linalg.svd(cross, compute_uv=False)[0] ** 2)


class Probe:
    """A model cut at the encoder's features and the decoder's first layer."""

    def __init__(self, model: tfvae.VAE):
        head = model.encoder.get_layer("mean")
        self.model = model
        self.features = keras.Model(model.encoder.inputs, head.input)
        kinds = [
            isinstance(i, keras.layers.Dense) for i in model.decoder.layers
        ]
        first = kinds.index(True)
        self.dense, *self.rest = model.decoder.layers[first:]

    def nll(self, h, x=None):
        """The reconstruction from h, of x or of a sample of p(x|z)."""
        outputs = self.dense.activation(h)
        for layer in self.rest:
            outputs = layer(outputs)
        outputs = tf.cast(outputs, tf.float32)
        likelihood = self.model.likelihood(outputs, self.model.log_scale)
        x = tf.stop_gradient(likelihood.sample()) if x is None else x
        return -tf.reduce_sum(likelihood.log_prob(x))

    @tf.function
    def gradients(self, x):
        """f, g and the Fisher g of a batch."""
        z = self.model.infer(x).z
        h = tf.matmul(z, self.dense.kernel) + self.dense.bias
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(h)
            real, sampled = self.nll(h, x), self.nll(h)
        return (
            self.features(x),
            tape.gradient(real, h),
            tape.gradient(sampled, h),
        )

    @tf.function
    def pull_and_push(self, x):
        """Sizes of the encoder's gradients of nll and of KL."""
        with tf.GradientTape(persistent=True) as tape:
            forward = self.model.infer(x)
            terms = [tf.reduce_mean(t) for t in (forward.nll(), forward.kl())]
        weights = self.model.encoder.trainable_variables
        return [tf.linalg.global_norm(tape.gradient(t, weights)) for t in terms]


def row(directory: str) -> str:
    """What there is to say of one run."""
    model, params = tfvae.load_run(directory)
    dataset = data.load(params["dataset"], **params["data_options"])
    probe, step = Probe(model), model.optimizer.iterations
    batches = dataset.batches(BATCH_SIZE, seed=5).take(IMAGES // BATCH_SIZE)
    columns = zip(*(probe.gradients(x) for x in batches), strict=True)
    gain = opening_gain(*(np.concatenate(c).astype(float) for c in columns))
    small = dataset.batches(params["batch_size"], seed=6).take(20)
    sizes = np.mean(
        [[float(v) for v in probe.pull_and_push(x)] for x in small], 0
    )
    schedules = {
        k: float(v) for k, v in model.objective.schedules(step).items()
    }
    push = schedules.get("gamma", schedules.get("beta", 1.0)) * sizes[1]
    settings = ", ".join(f"{k} {v:.3g}" for k, v in schedules.items())
    return (
        f"{directory}: step {int(step):,}, {settings}: gain {gain:.1f} nats a "
        f"nat, pull {sizes[0]:,.0f}, push {push:,.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("runs", nargs="+", metavar="RUN")
    for directory in parser.parse_args().runs:
        print(row(directory), flush=True)


if __name__ == "__main__":
    main()
