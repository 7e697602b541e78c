"""TensorBoard event files."""

from pathlib import Path

import tensorflow as tf


class Events:
    """Writes for TensorBoard, or nothing at all.

    Args:
        directory: of the event files; None for nothing.
    """

    def __init__(self, directory: Path | None):
        self._writer = tf.summary.create_noop_writer()
        if directory is not None:
            self._writer = tf.summary.create_file_writer(str(directory))

    def scalars(self, values: dict[str, float], step: int) -> None:
        """Numbers of a step, by name."""
        with self._writer.as_default(step):
            for name, value in values.items():
                tf.summary.scalar(name, value)

    def png(self, name: str, file: Path, step: int) -> None:
        """The image in a PNG file."""
        with self._writer.as_default(step):
            image = tf.io.decode_png(tf.io.read_file(str(file)), channels=3)
            tf.summary.image(name, image[tf.newaxis])

    def flush(self) -> None:
        """Have all of it on the disk."""
        self._writer.flush()
