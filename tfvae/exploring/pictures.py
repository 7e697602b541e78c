"""From the values of sliders to pictures: what the page stands on."""

import io
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tfvae.data import Dataset
from tfvae.figures.latents import by_kl
from tfvae.figures.latents import latent_label
from tfvae.metrics.encoding import compiled
from tfvae.views import Views

DECIMALS = 2  # of a slider
STEP = 10**-DECIMALS


class Start(NamedTuple):
    """An image of the data set, from which latents move.

    Attributes:
        image: a PNG file.
        reconstruction: through its posterior mean, a PNG file.
        z: where the sliders stand, `[D]`: the posterior mean in whole steps.
        ranges: of the sliders, `[D, 2]`.
        moved: decoded from z, a PNG file.
    """

    image: bytes
    reconstruction: bytes
    z: np.ndarray
    ranges: np.ndarray
    moved: bytes


class Pictures:
    """Pictures of a model while its latents move.

    Args:
        model: a `tfvae.VAE`.
        dataset: what it was trained on.
        sample: how many images ranges, KL and meanings are taken from.
        seed: of their draw, and of `another`.
    """

    def __init__(
        self,
        model: keras.Model,
        dataset: Dataset,
        sample: int = 10_000,
        seed: int = 0,
    ):
        self.count = dataset.size
        self._model, self._dataset = model, dataset
        self._views = Views(model, dataset, sample=sample, seed=seed)
        self._rng = np.random.default_rng(seed)

    @cached_property
    def latents(self) -> list[int]:
        """All of them, highest KL first."""
        return by_kl(self._views.latent_kl).tolist()

    @property
    def active(self) -> int:
        """How many of them are active; those come first."""
        return int(self._views.active.sum())

    @cached_property
    def labels(self) -> list[str]:
        """What each latent is called, costs, and encodes most, D texts."""
        return [
            latent_label(latent, self._views.latent_kl)
            + (f", knows {meaning}" if meaning else "")
            + ("" if active else ", inactive")
            for latent, (meaning, active) in enumerate(
                zip(self._views.meanings, self._views.active, strict=True)
            )
        ]

    def another(self) -> int:
        """The number of an image, any."""
        return int(self._rng.integers(self.count))

    def start(self, number: int) -> Start:
        """What there is to see of an image before a latent moves.

        Args:
            number: of the image, from 0.

        Raises:
            ValueError: if there is no such image, or if the model is for
                images of another shape.
        """
        if not 0 <= number < self.count:
            raise ValueError(
                f"Images have numbers from 0 to {self.count - 1}. "
                f"Received: number={number}"
            )
        low, high = self._views.values[:, [0, -1]].T
        image = self._dataset.floats(self._dataset.images([number]))
        mean, decoded = compiled(self._model, _reconstruct)(image)
        mean = mean.numpy()[0].astype(float)
        ends = np.minimum(low, mean), np.maximum(high, mean)
        z = _in_steps(mean, np.round)
        ranges = _in_steps(ends[0], np.floor), _in_steps(ends[1], np.ceil)
        return Start(
            png(image[0]),
            png(decoded.numpy()[0]),
            z,
            np.stack(ranges, axis=1),
            self.moved(z),
        )

    def moved(self, z: np.ndarray) -> bytes:
        """The mean image of p(x|z) as a PNG file, which has z as a text.

        Args:
            z: latents, `[D]`.
        """
        batch = np.asarray(z, np.float32)[np.newaxis]
        [image] = compiled(self._model, _decode)(batch).numpy()
        return png(image, z=" ".join(f"{value:.{DECIMALS}f}" for value in z))


def png(image: np.ndarray, **texts: str) -> bytes:
    """An image as a PNG file.

    Args:
        image: `[H, W, C]` in [0, 1]; C is 1 or 3, or else the first channel
            is taken.
        texts: kept in the file, each under its keyword.

    >>> png(np.zeros([32, 32, 1]))[1:4]
    b'PNG'
    """
    levels = np.rint(255 * image).astype(np.uint8)
    chunks = PngInfo()
    for keyword, text in texts.items():
        chunks.add_text(keyword, text)
    file = io.BytesIO()
    pixels = levels if levels.shape[-1] == 3 else levels[..., 0]
    Image.fromarray(pixels).save(file, "PNG", pnginfo=chunks)
    return file.getvalue()


def _in_steps(values: np.ndarray, rounded: Callable) -> np.ndarray:
    return np.round(rounded(values / STEP) * STEP, DECIMALS)


def _reconstruct(model: keras.Model, images: tf.Tensor):
    mean, _ = model.encode(images)
    return mean, model.decode(mean)


def _decode(model: keras.Model, z: tf.Tensor) -> tf.Tensor:
    return model.decode(z)
