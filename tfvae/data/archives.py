"""Reading archives that may be damaged."""

import contextlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

CHUNK = 32 << 20  # bytes read at a time

DAMAGES = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
)


@contextlib.contextmanager
def reading(path: str, advice: str) -> Iterator[None]:
    """Turn whatever a damaged archive raises into one clear `ValueError`.

    Args:
        path: the file.
        advice: what the file should be.
    """
    if not Path(path).is_file():
        raise ValueError(f"No such file. Received: path={str(path)!r}")
    try:
        yield
    except DAMAGES as error:
        raise ValueError(
            f"{advice} Received: path={str(path)!r} ({error})"
        ) from error


def npy_images(
    file: BinaryIO, image_shape: tuple[int, ...]
) -> tuple[int, Iterator[np.ndarray]]:
    """The images of an npy file in pieces of `CHUNK` bytes.

    Args:
        file: open at the beginning of the npy file; it is never unpickled.
        image_shape: the last dimensions; those before are the images'.

    Returns:
        How many there are, and an iterator of uint8 `[N, *image_shape]`, which
        raises `EOFError` if the file ends too early.

    Raises:
        ValueError: if it holds something else.
    """
    count = _check_header(file, image_shape)
    return count, _blocks(file, image_shape, count)


def _blocks(file, image_shape, count: int) -> Iterator[np.ndarray]:
    size = int(np.prod(image_shape))
    for start in range(0, count, CHUNK // size):
        rows = min(CHUNK // size, count - start)
        raw = file.read(rows * size)
        if len(raw) < rows * size:
            raise EOFError(f"it ends after image {start + len(raw) // size}")
        yield np.frombuffer(raw, np.uint8).reshape(rows, *image_shape)


def _check_header(file: BinaryIO, image_shape: tuple[int, ...]) -> int:
    """The number of images that the header promises."""
    read = {
        (1, 0): npy.read_array_header_1_0,
        (2, 0): npy.read_array_header_2_0,
    }[npy.read_magic(file)]
    shape, fortran_order, dtype = read(file)
    axes = len(shape) - len(image_shape)
    if (
        axes < 1
        or shape[axes:] != image_shape
        or dtype != np.uint8
        or fortran_order
    ):
        expected = ", ".join(map(str, image_shape))
        raise ValueError(
            f"Images must be uint8 [N, {expected}] in C order. Received: "
            f"shape={shape}, dtype={dtype}, fortran_order={fortran_order}"
        )
    return int(np.prod(shape[:axes]))
