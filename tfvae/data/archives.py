"""Reading npz files that may be damaged."""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

DAMAGES = (
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
    """Turn whatever a damaged npz file raises into one clear `ValueError`.

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
