"""What the next latent would pay, and whether the encoder can hear it.

For each run given, at its last step:

    gain     nats of reconstruction that a latent which is off would gain for
             a nat of KL, at its very first; it opens by itself only if this
             is above the price of a nat
    pull     size of the encoder's gradient of the reconstruction
    push     size of its gradient of the rest of the loss, such as
             gamma |KL - C|, whose sign flips whenever the KL passes C

Expected: where the push is much larger than the pull, Adam divides the
reconstruction's steps by the size of the push, and latents stay shut however
large their gain.

A latent j that is off sends z_j ~ N(0, 1) into the decoder. Let f be the
encoder's last hidden layer, centred, h the input of the decoder's first
activation, and g the gradient of the reconstruction with respect to h. Opened
a little (mean_j = a'f, s^2 = E[(a'f)^2], h + w z_j), the latent changes the
reconstruction by E[(a'f)(g'w)] + w'Fw / 2, F being the Fisher information of h
in p(x|z), and the KL by s^2 / 2. The best length of w gains per nat

    E[(a'f)(g'w)]^2 / (E[(a'f)^2] w'Fw)

The best a and w are the first singular vectors of
Cov(f)^(-1/2) E[f g'] F^(-1/2) over one half of the images; the gain is taken
over the other half.

Run: python experiments/price_of_a_latent.py RUN [RUN ...]
"""

import argparse
import functools
import json
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


def moments(features, gradients, fisher_gradients):
    """Cov(f), E[f g'] and F."""
    n = len(features)
    features = features - features.mean(axis=0)
    return (
        features.T @ features / n,
        features.T @ gradients / n,
        fisher_gradients.T @ fisher_gradients / n,
    )


def opening_gain(
    features: np.ndarray, gradients: np.ndarray, fisher_gradients: np.ndarray
) -> float:
    """Nats gained per nat by the best small latent.

    Args:
        features: f of each image, `[N, F]`.
        gradients: g of each image, `[N, H]`.
        fisher_gradients: g where the image is a sample of p(x|z), `[N, H]`.
    """
    columns = features, gradients, fisher_gradients
    covariance, cross, fisher = moments(*(c[::2] for c in columns))
    whiten_f, whiten_g = inverse_root(covariance), inverse_root(fisher)
    left, _, right = np.linalg.svd(whiten_f.T @ cross @ whiten_g)
    a, w = whiten_f @ left[:, 0], whiten_g @ right[0]
    covariance, cross, fisher = moments(*(c[1::2] for c in columns))
    return float((a @ cross @ w) ** 2 / (a @ covariance @ a) / (w @ fisher @ w))


class Probe:
    """A model cut at the encoder's features and the decoder's first layer."""

    def __init__(self, model: tfvae.VAE):
        head = model.encoder.get_layer("mean")
        self.model = model
        self.features = keras.Model(model.encoder.input, head.input)
        kinds = [
            isinstance(i, keras.layers.Dense) for i in model.decoder.layers
        ]
        first = kinds.index(True)
        self.dense, *self.rest = model.decoder.layers[first:]

    def likelihood(self, h):
        """p(x|z) from h."""
        outputs = self.dense.activation(h)
        for layer in self.rest:
            outputs = layer(outputs)
        outputs = tf.cast(outputs, tf.float32)
        return self.model.likelihood(outputs, self.model.log_scale)

    @tf.function
    def gradients(self, x, seed):
        """f, g and the Fisher g of a batch."""
        z = self.model.infer(x, seed).z
        h = tf.matmul(z, self.dense.kernel) + self.dense.bias
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(h)
            likelihood = self.likelihood(h)
            sample = tf.stop_gradient(likelihood.sample(seed=seed))
            real = -likelihood.log_prob(x)
            sampled = -likelihood.log_prob(sample)
        return (
            self.features(x),
            tape.gradient(real, h),
            tape.gradient(sampled, h),
        )

    @tf.function
    def pull_and_push(self, x, seed):
        """Sizes of the encoder's gradients of nll and of the loss without."""
        with tf.GradientTape(persistent=True) as tape:
            forward = self.model.infer(x, seed)
            step = self.model.optimizer.iterations
            terms = self.model.objective(forward, step)
            nll = tf.reduce_mean(terms["nll"])
            rest = tf.reduce_mean(terms["loss"]) - nll
        weights = self.model.encoder.trainable_variables
        return [
            tf.linalg.global_norm(tape.gradient(term, weights))
            for term in (nll, rest)
        ]


def measure(
    model: tfvae.VAE, dataset: data.Dataset, batch_size: int
) -> dict[str, float]:
    """Gain, pull and push of a model; the last two at its batch size."""
    probe = Probe(model)
    batches = dataset.batches(BATCH_SIZE, seed=5).take(IMAGES // BATCH_SIZE)
    parts = [
        probe.gradients(x, tf.constant([5, number]))
        for number, x in enumerate(batches)
    ]
    columns = zip(*parts, strict=True)
    gain = opening_gain(*(np.concatenate(c).astype(float) for c in columns))
    small = dataset.batches(batch_size, seed=6).take(20)
    sizes = [
        probe.pull_and_push(x, tf.constant([6, number]))
        for number, x in enumerate(small)
    ]
    pull, push = np.mean([[float(v) for v in pair] for pair in sizes], axis=0)
    return {"gain": gain, "pull": pull, "push": push}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("runs", nargs="+", metavar="RUN")
    load = functools.cache(
        lambda name, options: data.load(name, **json.loads(options))
    )
    for directory in parser.parse_args().runs:
        model, params = tfvae.load_run(directory)
        dataset = load(params["dataset"], json.dumps(params["data_options"]))
        seen = measure(model, dataset, params["batch_size"])
        step = int(model.optimizer.iterations)
        schedules = model.objective.schedules(step).items()
        settings = ", ".join(f"{k} {float(v):.3g}" for k, v in schedules)
        print(
            f"{directory}: step {step:,}, {settings}: gain {seen['gain']:.1f} "
            f"nats a nat, pull {seen['pull']:,.0f}, push {seen['push']:,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
