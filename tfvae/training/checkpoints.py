"""Checkpoints: the whole model and its optimizer at a step."""

import textwrap
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from tfvae.training.files import replacing

# what a Keras model file is made of
PARTS = {"config.json", "metadata.json", "model.weights.h5"}
LONGEST = 300  # letters of what Keras says of a file that it cannot load


class NotANumber(ValueError):
    """A loss or a weight became NaN or infinite."""


class Checkpoints:
    """The checkpoints of a run, `step-<number>.keras`, the last few kept.

    Each is a complete Keras model file with the optimizer's state. With the
    noise and the data order functions of (seed, step), that is all a run
    needs to go on bit for bit.

    Args:
        directory: where they are.
        keep: how many to keep; the others are deleted, oldest first.
    """

    def __init__(self, directory: Path, keep: int = 3):
        self.directory = Path(directory)
        self.keep = keep

    def paths(self) -> list[Path]:
        """The files, newest first."""
        return sorted(self.directory.glob("step-*.keras"), reverse=True)

    def save(self, model: keras.Model, step: int) -> Path:
        """Write the checkpoint of a step and delete those beyond `keep`.

        Raises:
            NotANumber: if a weight is not finite; nothing is written.
        """
        for weight in model.trainable_variables:
            if not np.isfinite(weight.numpy()).all():
                raise NotANumber(
                    f"{weight.path} is not finite after step {step}. Lower "
                    "the learning rate, or use float32."
                )
        for left in self.directory.glob(".partial-*"):
            left.unlink()  # of a killed process
        path = self.directory / f"step-{step:09d}.keras"
        with replacing(path) as temporary:
            model.save(temporary)
        for old in self.paths()[self.keep :]:
            old.unlink()
        return path

    def restore(
        self, warn: Callable[[str], None] = print
    ) -> tuple[keras.Model, int] | None:
        """The newest undamaged checkpoint, and its step.

        Damaged files are renamed, so that no later checkpoint is taken for
        older than they are.

        Args:
            warn: told of each damaged file that was passed over.

        Returns:
            (model, step), or None if there is no checkpoint.

        Raises:
            ValueError: if there are some and all are damaged, or if the
                newest holds what cannot be loaded.
        """
        paths = self.paths()
        for path in paths:
            damage = _damage(path)
            if damage is None:
                step = int(path.stem.removeprefix("step-"))
                return _loaded(path), step
            path.rename(path.with_suffix(".damaged"))
            warn(f"{path} is damaged ({damage}); looking at the one before.")
        if paths:
            raise ValueError(
                "Every checkpoint is damaged; start a new run. "
                f"Received: {self.directory}"
            )
        return None


def load_model(path: Path) -> keras.Model:
    """The model in a Keras model file.

    No code in the file is run: of what it names, only the layers of Keras and
    classes that this process has registered are made.

    Raises:
        ValueError: if the file is damaged or names anything else.
    """
    damage = _damage(path)
    if damage:
        raise ValueError(f"The file is damaged. Received: {path} ({damage})")
    return _loaded(path)


def _loaded(path: Path) -> keras.Model:
    try:
        return keras.models.load_model(path, safe_mode=True)
    except (MemoryError, PermissionError):
        raise
    except Exception as error:  # what was tampered with may raise anything
        told = textwrap.shorten(str(error), LONGEST)
        raise ValueError(
            "The file must hold a model made of layers that are registered "
            f"here. Received: {path} ({type(error).__name__}: {told})"
        ) from error


def _damage(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            missing = PARTS - {*archive.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        ValueError,
    ) as error:
        return str(error)
    if missing:
        return f"no {', '.join(sorted(missing))}"
    return f"bad checksum of {broken}" if broken else None
