"""Data sets that come through TensorFlow Datasets."""

from collections.abc import Iterator
from dataclasses import KW_ONLY
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import ClassVar

import numpy as np
import tensorflow as tf

from tfvae.data import cache
from tfvae.data.base import Dataset

BLOCK = 256  # images in memory at a time while they are prepared


def tensorflow_datasets():
    """The module, imported when it is first needed.

    Raises:
        ValueError: if it is not installed.
    """
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise ValueError(
            "This data set needs TensorFlow Datasets; install it with: "
            f"pip install 'tfvae[datasets]'. Received: {error}"
        ) from error
    return tensorflow_datasets


def manual_directory(builder) -> Path:
    """Where a builder looks for files that were fetched by hand."""
    return Path(builder.data_dir_root).absolute() / "downloads" / "manual"


def _check_prepared(builder) -> None:
    if not builder.is_prepared():
        raise ValueError(
            "The data set is there in part only; delete its directory, and it "
            f"is made again. Received: {str(builder.data_path)!r}"
        )


def resized(image: tf.Tensor, side: int) -> tf.Tensor:
    """A uint8 image `[H, W, C]` scaled to `[side, side, C]`.

    With the antialiased Lanczos filter, as disentanglement_lib does.
    """
    scaled = tf.image.resize(image, [side, side], "lanczos3", antialias=True)
    return tf.cast(tf.clip_by_value(tf.round(scaled), 0, 255), tf.uint8)


@dataclass(frozen=True)
class TfdsImages(Dataset):
    """Base class: images of a TensorFlow Datasets builder, kept on disk.

    The first use makes a file of uint8 images by `tfvae.data.cache`, in the
    order of the factors where there are any. No more than some batches are
    ever in memory.

    Attributes:
        dir: where TensorFlow Datasets keeps its data; `$TFDS_DATA_DIR` or
            `~/tensorflow_datasets` by default.
        download: whether what is missing may be downloaded.
        source: the name that TensorFlow Datasets has for it.
        split: which of its splits.
        labels: the feature that holds each factor of the grid.
        by_hand: whether the user has to fetch the files.
        otherwise: what else the user can do.
        processing: changes with `image`, so that no file kept is outdated.
    """

    _: KW_ONLY
    dir: str = ""
    download: bool = False

    source: ClassVar[str]
    split: ClassVar[str] = "all"
    labels: ClassVar[tuple[str, ...]] = ()
    by_hand: ClassVar[bool] = False
    otherwise: ClassVar[str] = "or say download=True (--data-download)"
    processing: ClassVar[str] = "as it is"

    def builder(self):
        """The builder of TensorFlow Datasets."""
        tfds = tensorflow_datasets()
        return tfds.builder(self.source, data_dir=self.dir or None)

    def image(self, image: tf.Tensor) -> tf.Tensor:
        """An image of the builder as it is kept: uint8 of `stored_shape`."""
        return image

    def stored_shape(self) -> tuple[int, ...]:
        """The shape in which `image` gives an image."""
        return self.image_shape

    @cached_property
    def stored(self) -> cache.Rows:
        builder = self.builder()
        self._prepare(builder)
        splits = builder.info.splits
        key = {
            "name": self.name,
            "version": str(builder.version),
            "config": getattr(builder.builder_config, "name", None),
            "bytes": {name: splits[name].num_bytes for name in splits},
            "split": self.split,
            "processing": self.processing,
            "grid": self.grid and [self.grid.names, self.grid.sizes],
        }
        size = len(self.grid) if self.grid else self._count(splits)
        shape = (size, *self.stored_shape())
        return cache.cached(key, shape, lambda: self._blocks(builder))

    @cached_property
    def fingerprint(self) -> str:
        """Of all that the images on disk were made from."""
        return self.stored.path.stem

    def files(self, builder) -> dict[str, str]:
        """What has to be downloaded: file name -> address."""
        originals = getattr(builder, "originals", None)
        if originals is not None:
            return {original.name: original.url for original in originals}
        return {info.filename: url for url, info in builder.url_infos.items()}

    def _prepare(self, builder) -> None:
        if builder.data_path.exists():
            _check_prepared(builder)
            return
        self._check_files(builder)
        tfds = tensorflow_datasets()
        try:
            builder.download_and_prepare(
                download_config=tfds.download.DownloadConfig(
                    manual_dir=manual_directory(builder), try_download_gcs=False
                )
            )
        except (
            tfds.download.DownloadError,
            tfds.core.download.download_manager.NonMatchingChecksumError,
        ) as error:
            raise ValueError(
                f"{self.name} was not prepared: {error}"
            ) from error

    def _check_files(self, builder) -> None:
        directory = manual_directory(builder)
        missing = {
            name: address
            for name, address in self.files(builder).items()
            if not (directory / name).exists()
        }
        if not missing or (self.download and not self.by_hand):
            return
        fetch = ", ".join(f"{name} from {url}" for name, url in missing.items())
        raise ValueError(
            f"{self.name} is not there yet. Fetch {fetch} and put it into "
            f"{directory}; {self.otherwise}. Received: dir={self.dir!r}, "
            f"download={self.download}"
        )

    def _count(self, splits) -> int:
        return splits[self.split].num_examples

    def _blocks(self, builder) -> Iterator[cache.Block]:
        start = 0
        for images, labels in self._examples(builder).as_numpy_iterator():
            if self.grid:
                indices = self.grid.indices(labels)
            else:
                indices = np.arange(start, start + len(images))
            start += len(images)
            yield indices, images

    def _examples(self, builder) -> tf.data.Dataset:
        """Blocks of images and labels, in the order of the files."""
        tfds = tensorflow_datasets()
        wanted = {"image", *self.labels}
        examples = builder.as_dataset(
            split=self.split,
            decoders=tfds.decode.PartialDecoding(dict.fromkeys(wanted, True)),
            read_config=tfds.ReadConfig(
                try_autocache=False, interleave_cycle_length=1
            ),
        )
        rows = examples.map(self._row, num_parallel_calls=4)
        return rows.batch(BLOCK).prefetch(1)

    def _row(self, example: dict[str, Any]) -> tuple[tf.Tensor, tf.Tensor]:
        labels = [tf.cast(example[name], tf.int64) for name in self.labels]
        image = tf.ensure_shape(
            self.image(example["image"]), self.stored_shape()
        )
        return image, tf.stack(labels) if labels else tf.zeros([0], tf.int64)
