"""A VAE without an encoder: its codes are made of the true factors."""

from dataclasses import dataclass

import numpy as np

import tfvae
from tfvae.data import Dataset
from tfvae.data.pipeline import batch_indices
from tfvae.networks.burgess2018 import Burgess2018

import keras  # isort: skip
import tensorflow as tf  # isort: skip


@keras.saving.register_keras_serializable("experiments")
class FactorCodes(keras.layers.Layer):
    """w f and log sigma^2 from factors `[B, K]`; f has mean 0, variance 1.

    Args:
        sizes: number of values of each factor.
        speed: of these weights' steps, where the optimizer takes steps of one
            length whatever the scale, as Adam does.
    """

    def __init__(self, sizes: tuple[int, ...], speed: float = 1.0, **kwargs):
        super().__init__(dtype="float32", **kwargs)
        self.speed = speed
        values = np.array(sizes, "float32")
        self.means = (values - 1) / 2
        self.stddevs = np.sqrt((values**2 - 1) / 12)

    def build(self, input_shape):
        shape = input_shape[1:]
        start = keras.initializers.Constant(1.0 / self.speed)
        self.weight = self.add_weight(shape, start)
        self.log_stddev = self.add_weight(shape, "zeros")

    def call(self, factors):
        standardised = (factors - self.means) / self.stddevs
        mean = self.speed * self.weight * standardised
        log_var = 2 * self.speed * self.log_stddev
        return mean, tf.broadcast_to(log_var, tf.shape(mean))


@dataclass(frozen=True)
class FromFactors(Burgess2018):
    """Burgess' decoder; two numbers a factor in place of the encoder."""

    sizes: tuple[int, ...] = ()
    speed: float = 1.0

    def encoder(self, image_shape, latent_dim):
        factors = keras.Input((latent_dim,), name="factors")
        codes = FactorCodes(self.sizes, self.speed)
        return keras.Model(factors, codes(factors))


class GroundTruthVAE(tfvae.VAE):
    """A VAE that is given factor values `[B, K]` and knows their images.

    Latent i is N(w_i f_i, sigma_i^2), f_i the standardised factor i.

    Args:
        dataset: images on a full grid of factors.
        speed: how much faster than the decoder w and sigma learn.
        kwargs: of `tfvae.VAE`.
    """

    def __init__(self, dataset: Dataset, speed: float = 1.0, **kwargs):
        sizes = dataset.factor_sizes
        network = FromFactors(sizes, speed)
        super().__init__(dataset.image_shape, len(sizes), network, **kwargs)
        self.dataset = dataset
        self.strides = np.cumprod([1, *sizes[:0:-1]])[::-1].astype("int32")

    def images_of(self, factors: tf.Tensor) -> tf.Tensor:
        """The images of factor values, `[B, H, W, C]` in [0, 1]."""
        places = tf.cast(factors, tf.int32) * self.strides
        # NumPy gathers them: as a tensor they would be in memory twice
        stored = self.dataset.stored
        rows = tf.numpy_function(
            stored.__getitem__,
            [tf.reduce_sum(places, axis=1)],
            stored.dtype,
            stateful=False,
        )
        rows = tf.ensure_shape(rows, (factors.shape[0], *stored.shape[1:]))
        images = self.dataset.decode(rows)
        return tf.cast(images, tf.float32) / self.dataset.max_value

    def infer(self, x, seed=None, training=False):
        forward = super().infer(x, seed, training)
        return forward._replace(x=self.images_of(x))


def factor_batches(
    dataset: Dataset, batch_size: int, seed: int
) -> tf.data.Dataset:
    """Endless shuffled batches of factor values `[batch_size, K]`, float32."""

    # NumPy's stream: the noise of a step is TensorFlow's for (seed, step), and
    # factors drawn from the same numbers would be known to the decoder
    def draw(step):
        indices = batch_indices(dataset.size, batch_size, seed, int(step))
        return dataset.factors(indices).astype(np.float32)

    shape = batch_size, len(dataset.factor_sizes)
    batches = tf.data.Dataset.counter().map(
        lambda step: tf.ensure_shape(
            tf.numpy_function(draw, [step], tf.float32, stateful=False), shape
        )
    )
    return batches.prefetch(4)
