"""Small data sets written by TensorFlow Datasets itself."""

from collections.abc import Iterable
from unittest import mock

import numpy as np


def write(builder, splits: dict[str, Iterable[dict]]) -> None:
    """Prepare a builder's real TFRecord files, of other examples.

    Args:
        builder: of TensorFlow Datasets; its features, name and version stay.
        splits: the examples of each split.
    """
    generators = {
        split: iter(list(enumerate(examples)))
        for split, examples in splits.items()
    }
    with mock.patch.object(
        type(builder), "_split_generators", lambda self, downloads: generators
    ):
        builder.download_and_prepare()


def images(count: int, *shape: int, high: int = 256) -> np.ndarray:
    """Random uint8 images `[count, *shape]`, each another."""
    rng = np.random.default_rng(0)
    return rng.integers(0, high, [count, *shape], np.uint8)
