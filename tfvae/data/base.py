"""What a data set is."""

from functools import cached_property
from typing import ClassVar

import numpy as np
import tensorflow as tf

from tfvae.data import pipeline
from tfvae.data.factors import FactorGrid
from tfvae.registry import Registry

DATASETS = Registry("dataset")


class Dataset:
    """Base class: images by index, their factors if known, and batches.

    A subclass gives `stored`, the images in the form they are kept in memory,
    and `decode`, from that form to uint8.

    Attributes:
        image_shape: (H, W, C).
        grid: the factors, when every image is one point of a full grid.
        max_value: the uint8 value that means 1.0.
        fingerprint: tells images that may change on disk from what they were;
            a run goes on only with those it began with.
        count: number of images, where a grid does not say it and it is known.
        obtained: how the images get here, in a few words.
        licence: of the images.
        citation: who made them, and where they say so.
    """

    image_shape: tuple[int, int, int]
    grid: FactorGrid | None = None
    max_value: int = 255
    fingerprint: str | None = None
    count: ClassVar[int | None] = None
    obtained: ClassVar[str]
    licence: ClassVar[str]
    citation: ClassVar[str]

    @cached_property
    def stored(self) -> np.ndarray:
        """The images as they are kept, `[size, ...]`."""
        raise NotImplementedError

    def decode(self, stored: tf.Tensor) -> tf.Tensor:
        """Stored images `[N, ...]` as uint8 `[N, H, W, C]`."""
        return stored

    @property
    def size(self) -> int:
        """Number of images."""
        return len(self.stored)

    @property
    def factor_names(self) -> tuple[str, ...] | None:
        """Names of the ground-truth factors; None without ground truth."""
        return self.grid.names if self.grid else None

    @property
    def factor_sizes(self) -> tuple[int, ...] | None:
        """Number of values of each factor; None without ground truth."""
        return self.grid.sizes if self.grid else None

    def images(self, indices) -> np.ndarray:
        """Images as uint8 `[N, H, W, C]`, 0 to `max_value`."""
        return self.decode(tf.constant(self.stored[indices])).numpy()

    def factors(self, indices) -> np.ndarray:
        """Factor values of images, int64 `[N, K]`.

        Raises:
            ValueError: if the data set has no ground truth.
        """
        return self._grid().factors(indices)

    def symmetric_factors(self, indices) -> np.ndarray:
        """Factor values, those that cannot be told apart made one, `[N, K]`.

        Raises:
            ValueError: if the data set does not know its symmetries.
        """
        raise ValueError(
            f"The symmetries of this data set are not known. Received: {self!r}"
        )

    def images_of(self, factors) -> np.ndarray:
        """The images with given factor values `[N, K]`, as uint8.

        Raises:
            ValueError: without ground truth, or on a value out of range.
        """
        return self.images(self._grid().indices(factors))

    def floats(self, images: np.ndarray) -> np.ndarray:
        """uint8 images as float32 in [0, 1]."""
        return images.astype(np.float32) / self.max_value

    def batches(
        self,
        batch_size: int,
        seed: int,
        start_step: int = 0,
        replicas: range = range(1),
        replicas_in_all: int = 1,
    ) -> tf.data.Dataset:
        """Endless shuffled batches, float32 `[batch_size, H, W, C]` in [0, 1].

        Every epoch is a permutation of the whole set, and the batch of a step
        is a pure function of (seed, step): started at `start_step`, the
        batches are those that a run from 0 would see from there on.

        Where replicas share a batch equally, each host reads the shares of its
        own, `replicas`, one after another.
        """
        return pipeline.batches(
            self, batch_size, seed, start_step, replicas, replicas_in_all
        )

    def batch_indices(
        self, batch_size: int, seed: int, step: int
    ) -> np.ndarray:
        """Which images the batch of a step holds, int64 `[batch_size]`."""
        return pipeline.batch_indices(self.size, batch_size, seed, step)

    def in_order(self, indices, batch_size: int) -> tf.data.Dataset:
        """Given images in the order given, once, the last batch short.

        Args:
            indices: `[N]`.
            batch_size: images a batch.

        Returns:
            Batches of float32 `[<= batch_size, H, W, C]` in [0, 1].
        """
        return pipeline.in_order(self, np.asarray(indices), batch_size)

    def _grid(self) -> FactorGrid:
        if self.grid is None:
            raise ValueError(
                "This data set has no ground-truth factors. "
                f"Received: dataset={type(self).__name__}"
            )
        return self.grid
