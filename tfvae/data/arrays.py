"""The user's own arrays as a data set."""

import hashlib

import numpy as np

from tfvae.data.base import Dataset

LARGEST_FACTOR = np.iinfo(np.int64).max - 1


class Arrays(Dataset):
    """Images in memory, with or without factors; made by `from_arrays`."""

    def __init__(
        self,
        images: np.ndarray,
        factors: np.ndarray | None,
        names: tuple[str, ...] | None = None,
    ):
        self.stored = images
        self.image_shape = images.shape[1:]
        self._factors = factors
        if factors is not None:
            self._names = names or tuple(
                f"factor_{k}" for k in range(factors.shape[1])
            )

    def __repr__(self) -> str:
        return f"Arrays({self.size} images of {self.image_shape})"

    @property
    def factor_names(self):
        return None if self._factors is None else self._names

    @property
    def factor_sizes(self):
        if self._factors is None:
            return None
        return tuple(int(size) for size in self._factors.max(axis=0) + 1)

    def factors(self, indices):
        if self._factors is None:
            return super().factors(indices)
        return self._factors[indices]

    def images_of(self, factors):
        """The first image with each of the given factor values."""
        if self._factors is None:
            return super().images_of(factors)
        factors = np.asarray(factors)
        if factors.ndim != 2 or factors.shape[1] != len(self._names):
            raise ValueError(
                f"Factors must have the shape [N, {len(self._names)}]. "
                f"Received: shape={factors.shape}"
            )
        same = (self._factors == factors[:, np.newaxis]).all(axis=2)
        missing = np.flatnonzero(~same.any(axis=1))
        if len(missing):
            raise ValueError(
                "No image has these factor values. "
                f"Received: {tuple(factors[missing[0]].tolist())}"
            )
        return self.images(same.argmax(axis=1))


def from_arrays(images, factors=None) -> Dataset:
    """A data set from arrays in memory.

    Args:
        images: `[N, H, W]` or `[N, H, W, C]`; uint8 (255 means 1.0), bool, or
            float in [0, 1], which is kept in steps of 1/255.
        factors: ground truth, non-negative integers `[N, K]`; any values, no
            full grid needed.

    Returns:
        A `Dataset`.

    Raises:
        ValueError: on other shapes or types, or floats outside [0, 1].

    >>> dataset = from_arrays(np.zeros([10, 32, 32], np.uint8))
    >>> dataset.size, dataset.image_shape
    (10, (32, 32, 1))
    """
    return Arrays(*checked(images, factors))


def as_dataset(images) -> Dataset:
    """A data set as it is; images as `from_arrays` takes them as one."""
    return images if isinstance(images, Dataset) else from_arrays(images)


def fingerprint_of(images: np.ndarray) -> str:
    """Of the pixels of all images in their order, 32 hexadecimal digits."""
    digest = hashlib.blake2b(str(images.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(images))
    return digest.hexdigest()


def checked(images, factors) -> tuple[np.ndarray, np.ndarray | None]:
    """What `from_arrays` takes as uint8 images and int64 factors."""
    images = _as_uint8(np.asarray(images))
    if factors is None:
        return images, None
    factors = np.asarray(factors)
    _check_factors(factors, len(images))
    return images, factors.astype(np.int64)


def _as_uint8(images: np.ndarray) -> np.ndarray:
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or 0 in images.shape:
        raise ValueError(
            "Images must have the shape [N, H, W] or [N, H, W, C], none of "
            f"them 0. Received: shape={images.shape}"
        )
    if images.dtype == np.uint8:
        return images
    if images.dtype == np.bool_:
        return images.astype(np.uint8) * np.uint8(255)
    if np.issubdtype(images.dtype, np.floating):
        low, high = images.min(), images.max()
        if low >= 0 and high <= 1:  # False for NaN too
            return np.rint(images * 255).astype(np.uint8)
        raise ValueError(
            "Float images must be in [0, 1]; divide by their maximum. "
            f"Received: minimum={low}, maximum={high}"
        )
    raise ValueError(
        "Images must be uint8, bool, or float in [0, 1]. "
        f"Received: dtype={images.dtype}"
    )


def _check_factors(factors: np.ndarray, count: int) -> None:
    if (
        factors.ndim != 2
        or len(factors) != count
        or not factors.shape[1]
        or not np.issubdtype(factors.dtype, np.integer)
        or factors.min() < 0
        or factors.max() > LARGEST_FACTOR
    ):
        raise ValueError(
            f"Factors must be integers >= 0 of shape [{count}, K] that fit in "
            f"int64, a row an image. Received: shape={factors.shape}, "
            f"dtype={factors.dtype}"
        )
