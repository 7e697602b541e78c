"""What a served model can be endpoints."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import tensorflow as tf

LARGEST_PIXEL = 255  # of an image file; it means 1.0
FILE_CHANNELS = (1, 3, 4)  # that an image file can have


class Signature(NamedTuple):
    """One question a served model answers.

    Attributes:
        function: from tensors to tensors by name.
        inputs: their names, types and shapes; the first dimension is free.
    """

    function: Callable[..., dict[str, tf.Tensor]]
    inputs: list[tf.TensorSpec]


def signatures(model: keras.Model) -> dict[str, Signature]:
    """All signatures of a model, by name.

    Args:
        model: a `tfvae.VAE`.

    Returns:
        "serving_default", "reconstruct", "encode", "encode_uint8", "decode",
        "sample", "traverse", and where an image file can have as many
        channels "encode_png".
    """
    endpoints = Endpoints(model)
    image = tf.TensorSpec((None, *model.image_shape), tf.float32, "image")
    pixels = tf.TensorSpec(image.shape, tf.uint8, "image")
    image_bytes = tf.TensorSpec([None], tf.string, "image_bytes")
    z = tf.TensorSpec([None, model.latent_dim], tf.float32, "z")
    seed = tf.TensorSpec([None, 2], tf.int32, "seed")
    dim = tf.TensorSpec([None], tf.int32, "dim")
    values = tf.TensorSpec([None, None], tf.float32, "values")
    found = {
        "serving_default": Signature(endpoints.reconstruct, [image]),
        "reconstruct": Signature(endpoints.reconstruct, [image]),
        "encode": Signature(endpoints.encode, [image]),
        "encode_uint8": Signature(endpoints.encode_uint8, [pixels]),
        "decode": Signature(endpoints.decode, [z]),
        "sample": Signature(endpoints.sample, [seed]),
        "traverse": Signature(endpoints.traverse, [z, dim, values]),
    }
    if model.image_shape[-1] in FILE_CHANNELS:
        found["encode_png"] = Signature(endpoints.encode_png, [image_bytes])
    return found


class Endpoints:
    """The functions behind the signatures.

    Each says its inputs' shapes once more with `tf.ensure_shape`: the server
    does not check them, and an image of the wrong rank would end its process
    inside a convolution.

    Args:
        model: a `tfvae.VAE`.
    """

    def __init__(self, model: keras.Model):
        self.model = model

    def reconstruct(self, image):
        """An image through the posterior mean and back."""
        posterior = self.encode(image)
        reconstruction = self.model.decode(posterior["mean"])
        return {"reconstruction": reconstruction, **posterior}

    def encode(self, image):
        """Mean and log variance of q(z|x) of images in [0, 1]."""
        image = tf.ensure_shape(image, [None, *self.model.image_shape])
        mean, log_var = self.model.encode(image)
        return {"mean": mean, "log_var": log_var}

    def encode_uint8(self, image):
        """The same of images from 0 to 255."""
        image = tf.ensure_shape(image, [None, *self.model.image_shape])
        return self.encode(tf.cast(image, tf.float32) / LARGEST_PIXEL)

    def encode_png(self, image_bytes):
        """The same of the bytes of PNG files; of JPEG with 1 or 3 channels.

        Other colours than the model's are converted to its own.
        """
        image_bytes = tf.ensure_shape(image_bytes, [None])
        shape = self.model.image_shape
        pixels = tf.map_fn(
            lambda file: tf.ensure_shape(
                tf.io.decode_image(
                    file, channels=shape[-1], expand_animations=False
                ),
                shape,
            ),
            image_bytes,
            fn_output_signature=tf.TensorSpec(shape, tf.uint8),
        )
        return self.encode_uint8(pixels)

    def decode(self, z):
        """The mean image of p(x|z), in [0, 1]."""
        z = tf.ensure_shape(z, [None, self.model.latent_dim])
        return {"image": self.model.decode(z)}

    def sample(self, seed):
        """An image for each pair of integers: the same in any batch."""
        seed = tf.ensure_shape(seed, [None, 2])
        z = tf.map_fn(
            lambda pair: tf.random.stateless_normal(
                [self.model.latent_dim], pair
            ),
            seed,
            fn_output_signature=tf.float32,
        )
        return {"z": z, **self.decode(z)}

    def traverse(self, z, dim, values):
        """Images while latent `dim` of each z takes each of the values."""
        latents = self.model.latent_dim
        z = tf.ensure_shape(z, [None, latents])
        dim = tf.ensure_shape(dim, [None])
        values = tf.ensure_shape(values, [None, None])
        # one row would otherwise be taken for all
        tf.debugging.assert_equal(
            tf.stack([tf.shape(dim)[0], tf.shape(values)[0]]),
            tf.shape(z)[0],
            "`z`, `dim` and `values` must have as many rows.",
        )
        inside = tf.reduce_all((dim >= 0) & (dim < latents))
        tf.Assert(inside, ["`dim` must be a latent, from 0. Received:", dim])
        moves = tf.one_hot(dim, latents, on_value=True, off_value=False)
        way = tf.where(moves[:, None], values[:, :, None], z[:, None])
        images = self.model.decode(tf.reshape(way, [-1, latents]))
        shape = tf.concat([tf.shape(values), self.model.image_shape], 0)
        return {"images": tf.reshape(images, shape)}
