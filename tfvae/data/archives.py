"""Reading archives that may be damaged."""

import contextlib
import lzma
import math
import os
import tarfile
import textwrap
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

CHUNK = 32 << 20  # bytes read at a time
LONGEST = 300  # letters of what a damaged file makes others say

DAMAGES = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    # NumPy reads a header as Python
    tokenize.TokenError,
    SyntaxError,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
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
        told = textwrap.shorten(str(error), LONGEST)
        raise ValueError(
            f"{advice} Received: path={str(path)!r} ({told})"
        ) from error


def npz_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array of an npz file; it is never unpickled.

    Nothing is read, nor memory taken, before the header is known to tell the
    truth about the size.

    Raises:
        ValueError: if the archive holds no such array, or one of objects.
    """
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        shape, fortran_order, dtype = _header(file)
        held = member.file_size - file.tell()
        _check_claim(name, shape, dtype, held)
        array = np.frombuffer(file.read(held), dtype)
    return array.reshape(shape, order="F" if fortran_order else "C")


def _check_claim(name: str, shape: tuple, dtype: np.dtype, held: int) -> None:
    claimed = math.prod(shape) * dtype.itemsize
    if dtype.hasobject or min(shape, default=0) < 0 or claimed != held:
        raise ValueError(
            f"`{name}` has {held} bytes and is said to be {dtype} {shape}"
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if held > memory:
        raise ValueError(
            f"`{name}` needs {held / 1e9:.1f} GB of memory; "
            f"there are {memory / 1e9:.1f} GB"
        )


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether in Fortran order, and dtype of an npy file."""
    versions = {
        (1, 0): npy.read_array_header_1_0,
        (2, 0): npy.read_array_header_2_0,
    }
    version = npy.read_magic(file)
    if version not in versions:
        raise ValueError(f"it is of version {version}, not 1.0 or 2.0")
    return versions[version](file)


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
    size = math.prod(image_shape)
    for start in range(0, count, CHUNK // size):
        rows = min(CHUNK // size, count - start)
        raw = file.read(rows * size)
        if len(raw) < rows * size:
            raise EOFError(f"it ends after image {start + len(raw) // size}")
        yield np.frombuffer(raw, np.uint8).reshape(rows, *image_shape)


def _check_header(file: BinaryIO, image_shape: tuple[int, ...]) -> int:
    """The number of images that the header promises."""
    shape, fortran_order, dtype = _header(file)
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
    return math.prod(shape[:axes])
