"""What to do when the memory is full."""

import contextlib
from collections.abc import Iterator

import tensorflow as tf


@contextlib.contextmanager
def naming_the_batch(
    batch_size: int, image_shape: tuple[int, ...]
) -> Iterator[None]:
    """Say in words what TensorFlow says of memory that is full.

    Args:
        batch_size: images a step, over all devices.
        image_shape: (H, W, C).

    Raises:
        ValueError: in place of an error of memory.
    """
    try:
        yield
    except (tf.errors.ResourceExhaustedError, MemoryError) as error:
        raise ValueError(
            "The memory is too small for a step; try a smaller --batch-size, "
            "or --precision mixed_bfloat16. Received: "
            f"batch_size={batch_size}, image_shape={tuple(image_shape)}"
        ) from error
