"""Write a model so that TensorFlow Serving loads it."""

import errno
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tfvae.data import Dataset
from tfvae.serving.about import about
from tfvae.serving.card import model_card
from tfvae.serving.signatures import signatures
from tfvae.serving.warmup import check_installed
from tfvae.serving.warmup import write_warmup
from tfvae.training.files import write_json

EXTRA = "assets.extra"  # where the server looks for what is not the graph
PARTIAL = ".partial-"
LONG_AGO = 24 * 3600  # seconds; no export takes that long
LARGEST_VERSION = 2**63 - 1
TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


def export_saved_model(
    model: keras.Model,
    base_directory: str | Path,
    version: int | None = None,
    *,
    dataset: Dataset | None = None,
    params: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Any] | None = None,
    warmup: bool = True,
    max_batch_size: int = 32,
) -> Path:
    """Write a model as a version that TensorFlow Serving loads.

    The version appears whole, by one rename, for the server looks for new
    ones every second. What is written: the graph with the signatures of
    `tfvae.serving.signatures`, the weights they use, MODEL_CARD.md, and in
    `assets.extra/` what is known of the model and the requests that the server
    warms up with.

    Args:
        model: a `tfvae.VAE`.
        base_directory: versions are in it, in directories that are numbers.
        version: an integer from 1; None for the next after the largest.
        dataset: what the model was trained on; the posteriors of a sample of
            its images say what each latent does.
        params: of the run; JSON-ready.
        metrics: of the run; JSON-ready.
        warmup: whether to write requests that the server answers once
            before it takes the version into use; needs
            tensorflow-serving-api, the extra `serving`.
        max_batch_size: the largest batch that the server will be asked or
            will make of requests; it warms up at 1 and at this.

    Returns:
        The directory of the version.

    Raises:
        ValueError: if the version exists or is not an integer from 1, a
            weight is not finite, or tensorflow-serving-api is missing.
        OSError: or tf.errors.OpError, if it cannot be written; nothing is
            left of it.

    Example:

    >>> import tempfile, tfvae
    >>> model = tfvae.VAE((64, 64, 1), objective="B")
    >>> path = tfvae.serving.export_saved_model(model, tempfile.mkdtemp())
    >>> path.name
    '1'
    >>> served = tf.saved_model.load(path).signatures["sample"]
    >>> served(seed=tf.constant([[0, 7]]))["image"].shape
    TensorShape([1, 64, 64, 1])
    """
    base = Path(base_directory)
    _check(model, base, version, max_batch_size)
    if warmup:
        check_installed()
    known = about(model, dataset)
    json_files = {"model": known, "params": params, "metrics": metrics}
    with _hidden(base) as directory:
        _save(model, directory)
        for name, content in json_files.items():
            if content is not None:
                write_json(directory / EXTRA / f"{name}.json", content)
        if warmup:
            write_warmup(directory / EXTRA, model, {1, max_batch_size})
        card = model_card(known, params or {}, metrics or {})
        (directory / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        return _place(directory, base, version)


def _check(
    model: keras.Model, base: Path, version: int | None, max_batch_size: int
) -> None:
    if type(max_batch_size) is not int or max_batch_size < 1:
        raise ValueError(
            "Argument `max_batch_size` must be an integer above 0. "
            f"Received: max_batch_size={max_batch_size!r}"
        )
    for weight in model.weights:
        if not np.isfinite(weight.numpy()).all():
            raise ValueError(
                "Weights must be finite, or every answer is NaN. "
                f"Received: {weight.path}"
            )
    if version is None:
        return
    if type(version) is not int or not 1 <= version <= LARGEST_VERSION:
        raise ValueError(
            "Argument `version` must be an integer from 1 to 2^63 - 1. "
            f"Received: version={version!r}"
        )
    if version in exported_versions(base):
        raise _exists(base, version)


def _exists(base: Path, version: int) -> ValueError:
    return ValueError(
        "The version exists already and versions are never overwritten; give "
        f"another, or none for the next. Received: version={version}, which "
        f"is in {base}"
    )


def exported_versions(base_directory: str | Path) -> list[int]:
    """The versions in a directory, in order; none if it is not there.

    The server reads "007" as 7 and nothing beyond 2^63 - 1, and so does this.
    """
    base = Path(base_directory)
    names = os.listdir(base) if base.exists() else []
    numbers = [int(name) for name in names if re.fullmatch("[0-9]+", name)]
    return sorted(n for n in numbers if n <= LARGEST_VERSION)


def _save(model: keras.Model, directory: Path) -> None:
    """The graph and the weights that its signatures use, no others."""
    archive = keras.export.ExportArchive()
    for name, signature in signatures(model).items():
        archive.add_endpoint(name, signature.function, signature.inputs)
    archive.write_out(directory, verbose=False)


@contextmanager
def _hidden(base: Path) -> Iterator[Path]:
    """A directory in `base` that the server does not look at, then gone."""
    directory = base / f"{PARTIAL}{uuid.uuid4().hex}"
    base.mkdir(parents=True, exist_ok=True)
    for left in base.glob(f"{PARTIAL}*"):
        if time.time() - left.stat().st_mtime > LONG_AGO:  # of a killed one
            shutil.rmtree(left, ignore_errors=True)
    try:
        directory.mkdir()
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _place(directory: Path, base: Path, version: int | None) -> Path:
    """Rename to the version; without one, to the next that is free."""
    _reach_disk(directory)
    number = version or max([0, *exported_versions(base)]) + 1
    if number > LARGEST_VERSION:
        raise ValueError(
            "There is no version after the largest; give one. "
            f"Received: {base / str(LARGEST_VERSION)} is there"
        )
    path = base / str(number)
    try:
        if path.exists():  # rename would replace an empty directory
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        directory.rename(path)
    except OSError as error:
        if error.errno not in TAKEN:
            raise
        if version:
            raise _exists(base, version) from None
        return _place(directory, base, None)  # another export was faster
    return path


def _reach_disk(directory: Path) -> None:
    for path in [*directory.rglob("*"), directory]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
