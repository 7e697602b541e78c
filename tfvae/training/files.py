"""Files that are there whole or not at all."""

import contextlib
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf
from matplotlib.figure import Figure

# what a failing file raises, be it Python's or TensorFlow's
FILE_ERRORS = (OSError, tf.errors.OpError)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in an error that does not, such as that of a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(f"{error}. Received: {path}") from error


@contextlib.contextmanager
def replacing(path: Path, new: bool = False) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place at the end.

    The data reaches the disk before the name changes, so that a kill, a crash
    or a full disk leaves the old file or the new one, never half of one.

    Args:
        path: the file to be.
        new: whether it must not be there yet.

    Raises:
        FileExistsError: at the end, if it must not and is.
    """
    temporary = path.with_name(f".partial-{uuid.uuid4().hex}-{path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with naming(path):
            yield temporary
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
        if new:
            _link(temporary, path)
        else:
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        os.replace(temporary, path)


def save_figure(
    figure: Figure, path: Path, kind: str = "png", **options: Any
) -> None:
    """Write a figure, whole or not at all.

    Args:
        figure: what to write.
        path: of the file.
        kind: "png", "svg" or "pdf".
        options: of `Figure.savefig`.
    """
    with replacing(path) as temporary:
        figure.savefig(temporary, format=kind, **options)


def write_json(path: Path, content: Any, new: bool = False) -> None:
    """Write JSON as `replacing` does, whole or not at all."""
    with replacing(path, new) as temporary:
        text = json.dumps(content, indent=2) + "\n"
        temporary.write_text(text, encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        FileNotFoundError: if there is no file.
        ValueError: if the file is damaged or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"The file is damaged. Received: {path}: {error}"
        ) from error
    if not isinstance(content, dict):
        raise ValueError(
            "The file must hold a JSON object. "
            f"Received: {path} with a {type(content).__name__}"
        )
    return content
