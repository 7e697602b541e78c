"""Checkpoints: the whole model and its optimizer at a step."""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import keras

from tfvae.training.files import replacing

# what a Keras model file is made of
PARTS = {"config.json", "metadata.json", "model.weights.h5"}


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
        """Write the checkpoint of a step and delete those beyond `keep`."""
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

        Args:
            warn: told of each damaged file that was passed over.

        Returns:
            (model, step), or None if there is none.
        """
        for path in self.paths():
            damage = _damage(path)
            if damage is None:
                step = int(path.stem.removeprefix("step-"))
                return keras.models.load_model(path), step
            warn(f"{path} is damaged ({damage}); using the one before.")
        return None


def _damage(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            missing = PARTS - {*archive.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        return str(error)
    if missing:
        return f"no {', '.join(sorted(missing))}"
    return f"bad checksum of {broken}" if broken else None
