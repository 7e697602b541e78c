"""The pictures in a folder: found, decoded in parallel, kept on disk."""

import hashlib
import math
import os
import stat
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tfvae.data.cache import Block
from tfvae.data.cache import Rows
from tfvae.data.cache import cached
from tfvae.data.on_demand import OnDemand
from tfvae.data.pictures import SUFFIXES
from tfvae.data.pictures import decode

VERSION = 1  # raise it when the same files come to give other pixels
CHUNK = 256  # pictures decoded before they are written
DIGEST = 16  # bytes

Listing = list[tuple[str, int, int]]  # name, bytes, time of change in ns


@dataclass(frozen=True)
class PictureFolder:
    """The pictures of a folder and its sub-folders as an array on disk.

    Names that begin with a dot, and files without the suffix of a picture, are
    passed over. The order is that of the names, with "/" between folders.

    Attributes:
        directory: the folder.
        size: pixels of a side.
        channels: 1 or 3.

    Raises:
        ValueError: if the folder is missing, has no pictures, cannot be read,
            or changes while it is read.
    """

    directory: Path
    size: int
    channels: int

    @cached_property
    def files(self) -> Listing:
        """What is in the folder."""
        return listing(self.directory)

    @cached_property
    def usable(self) -> np.ndarray:
        """Which files are pictures, bool `[files]`."""
        return self._tail[: len(self.files)].astype(bool)

    @property
    def fingerprint(self) -> str:
        """Of the pixels of all pictures in their order."""
        return self._tail[len(self.files) :][:DIGEST].tobytes().hex()

    def names(self, usable: bool = True) -> list[str]:
        """The files that are pictures, or those that are not."""
        return [
            name
            for (name, *_), good in zip(self.files, self.usable, strict=True)
            if good == usable
        ]

    def images(self) -> OnDemand:
        """The pictures, read from disk when they are asked for."""
        rows, places = self._rows, np.flatnonzero(self.usable)
        return OnDemand(
            lambda indices: rows[places[indices]],
            (len(places), *rows.shape[1:]),
        )

    def decode(self, name: str) -> np.ndarray:
        """One picture, as `pictures.decode` gives it."""
        path = self.directory / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
        return decode(content, self.size, self.channels)

    @cached_property
    def _rows(self) -> Rows:
        """A row for every file, zeros for what is no picture; in rows at the
        end one byte a file, whether it is a picture, and the fingerprint."""
        shape = (self.size, self.size, self.channels)
        more = -(-(len(self.files) + DIGEST) // math.prod(shape))
        key = {
            "name": "folder",
            "version": VERSION,
            "files": hashlib.sha256(repr(self.files).encode()).hexdigest(),
        }
        return cached(key, (len(self.files) + more, *shape), self._blocks)

    @cached_property
    def _tail(self) -> np.ndarray:
        return self._rows[len(self.files) :].ravel()

    def _blocks(self) -> Iterator[Block]:
        usable, digest = [], hashlib.blake2b(digest_size=DIGEST)
        shape = (self.size, self.size, self.channels)
        for start in range(0, len(self.files), CHUNK):
            images = self._decoded(start)
            rows = np.zeros([len(images), *shape], np.uint8)
            for row, image in zip(rows, images, strict=True):
                usable.append(image is not None)
                if image is not None:
                    row[:] = image
                    digest.update(row)
            yield np.arange(start, start + len(rows)), rows
        if listing(self.directory) != self.files:
            raise ValueError(
                "The folder changed while it was read; start again. "
                f"Received: {str(self.directory)!r}"
            )
        tail = np.frombuffer(bytes(usable) + digest.digest(), np.uint8)
        rows = np.resize(tail, [-(-len(tail) // math.prod(shape)), *shape])
        yield len(self.files) + np.arange(len(rows)), rows

    def _decoded(self, start: int) -> list[np.ndarray | None]:
        names = [name for name, *_ in self.files[start : start + CHUNK]]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            with warnings.catch_warnings():
                # of a damaged picture; whether it can be used is all we ask
                warnings.filterwarnings("ignore", module=r"PIL\.")
                return list(threads.map(self._image_or_none, names))

    def _image_or_none(self, name: str) -> np.ndarray | None:
        try:
            return self.decode(name)
        except Unreadable:
            raise
        except ValueError:
            return None


class Unreadable(ValueError):
    """A file that is there but cannot be opened or read."""


def unreadable(path: Path | str, error: OSError) -> Unreadable:
    """The error for a file or folder that the system does not give."""
    return Unreadable(
        "Every picture and folder must be readable; mend it or move it away. "
        f"Received: {str(path)!r} ({error.strerror})"
    )


def listing(directory: Path) -> Listing:
    """The files in a folder and its sub-folders that look like pictures."""
    if not directory.is_dir():
        raise ValueError(f"No such folder. Received: {str(directory)!r}")

    def refuse(error: OSError):
        raise unreadable(error.filename, error) from error

    found = []
    for parent, folders, files in os.walk(directory, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            _described(Path(parent, name), directory)
            for name in files
            if Path(name).suffix.lower() in SUFFIXES
            and not name.startswith(".")
        ]
    return sorted(found)


def _described(path: Path, directory: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise ValueError(f"It must be a file. Received: {str(path)!r}")
    name = path.relative_to(directory).as_posix()
    return name, found.st_size, found.st_mtime_ns
