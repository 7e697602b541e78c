"""Images on disk, for sets that are larger than memory or slow to decode."""

import fcntl
import hashlib
import io
import json
import math
import os
import shutil
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy
from rich.console import Console
from rich.progress import Progress

Block = tuple[np.ndarray, np.ndarray]  # indices [N], rows [N, ...]


def directory() -> Path:
    """`$TFVAE_CACHE`, or else `tfvae` in the user's cache directory."""
    user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("TFVAE_CACHE") or Path(user) / "tfvae")


class Rows:
    """The rows of an npy file, each read when it is asked for.

    It stands where an array `[size, ...]` would. A file that is written to or
    cut short raises an error, where a memory map would give other images or
    end the process, and what has been read does not count as memory of the
    process. A file that is deleted or replaced is read on.

    Args:
        path: an npy file.

    Raises:
        ValueError: if the file is damaged.
    """

    def __init__(self, path: Path):
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        self.path = path
        self.shape, self.dtype, self._start = (
            array.shape,
            array.dtype,
            array.offset,
        )
        self._file = open(path, "rb")
        self._written = self._last_written()

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices) -> np.ndarray:
        """The rows of integer indices of any shape, or of a slice."""
        if isinstance(indices, slice):
            indices = range(*indices.indices(len(self)))
        indices = np.asarray(indices, None if np.size(indices) else np.int64)
        if indices.dtype.kind not in "iu":
            raise IndexError(
                f"Rows are indexed by integers. Received: {indices.dtype}"
            )
        if (indices >= len(self)).any() or (indices < -len(self)).any():
            raise IndexError(f"There are {len(self)} rows. Received: {indices}")
        rows = np.empty([indices.size, *self.shape[1:]], self.dtype)
        for row, index in zip(rows, indices.ravel() % len(self), strict=True):
            self._read(row, int(index))
        if self._last_written() != self._written:
            raise ValueError(
                "The file was written to while it was in use; delete it, and "
                f"it is made again. Received: path={str(self.path)!r}"
            )
        return rows.reshape(*indices.shape, *self.shape[1:])

    def _read(self, row: np.ndarray, index: int) -> None:
        place = self._start + index * row.nbytes
        if os.preadv(self._file.fileno(), [row], place) < row.nbytes:
            raise ValueError(
                "The file has become shorter; delete it, and it is made "
                f"again. Received: path={str(self.path)!r}"
            )

    def _last_written(self) -> int:
        return os.fstat(self._file.fileno()).st_mtime_ns

    def __del__(self):
        if hasattr(self, "_file"):
            self._file.close()


def cached(
    key: dict[str, Any],
    shape: tuple[int, ...],
    blocks: Callable[[], Iterable[Block]],
) -> Rows:
    """uint8 rows on disk: as they were kept, or made now and kept.

    The file is written whole or not at all, a block in memory at a time; of
    several processes one writes, and the others wait for it.

    Args:
        key: JSON-ready; all that the rows depend on. `key["name"]` begins the
            name of the file.
        shape: `[size, ...]`.
        blocks: makes (indices `[N]`, rows `[N, ...]`), each index once.

    Returns:
        The rows, to be indexed as an array.

    Raises:
        ValueError: if an index comes twice, or never.
        OSError: if the disk has not the room.
    """
    text = json.dumps([key, list(shape)], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = directory() / f"{key['name']}-{digest}.npy"
    if not _is_whole(path, shape):
        _make(path, shape, blocks)
    return Rows(path)


def _is_whole(path: Path, shape: tuple[int, ...]) -> bool:
    expected = _header(shape)
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            return file.read(len(expected)) == expected and size == (
                len(expected) + math.prod(shape)
            )
    except FileNotFoundError:
        return False


def _header(shape: tuple[int, ...]) -> bytes:
    """What an npy file of uint8 begins with."""
    file = io.BytesIO()
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(file, header)
    return file.getvalue()


def _make(path: Path, shape: tuple[int, ...], blocks) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with open(partial, "ab") as held:  # one name: a kill leaves one at most
        fcntl.flock(held, fcntl.LOCK_EX)
        if _is_whole(path, shape):  # another process has made it
            return
        _check_room(path, shape)
        with open(partial, "wb") as file:
            _write(file, shape, blocks())
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)


def _check_room(path: Path, shape: tuple[int, ...]) -> None:
    needed, free = math.prod(shape), shutil.disk_usage(path.parent).free
    if needed > free:
        raise OSError(
            f"The images need {needed / 1e9:.1f} GB on disk; make room, or set "
            "TFVAE_CACHE to a directory with more. Received: "
            f"{str(path.parent)!r} with {free / 1e9:.1f} GB"
        )


def _write(
    file: BinaryIO, shape: tuple[int, ...], blocks: Iterable[Block]
) -> None:
    file.write(_header(shape))
    start, row_size = file.tell(), math.prod(shape[1:])
    written = np.zeros(shape[0], bool)
    screen = Console(stderr=True)
    with Progress(
        console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        task = progress.add_task("Preparing images", total=shape[0])
        for indices, rows in blocks:
            _check_block(indices, rows, written, shape)
            for index, row in zip(indices, rows, strict=True):
                file.seek(start + int(index) * row_size)
                file.write(np.ascontiguousarray(row))
            progress.advance(task, len(rows))
    if not written.all():
        raise ValueError(
            f"{shape[0]} images were expected. Received: {written.sum()}, "
            f"the first missing is image {written.argmin()}"
        )


def _check_block(indices, rows, written: np.ndarray, shape) -> None:
    if rows.shape[1:] != shape[1:] or rows.dtype != np.uint8:
        raise ValueError(
            f"Images must be uint8 of shape {shape[1:]}. Received: "
            f"shape={rows.shape[1:]}, dtype={rows.dtype}"
        )
    for index in indices:
        if not 0 <= index < len(written) or written[index]:
            raise ValueError(
                f"Each of the {len(written)} images must come once. "
                f"Received: image {index} again, or out of range"
            )
        written[index] = True
