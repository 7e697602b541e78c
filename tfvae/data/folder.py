"""The user's own images in a folder."""

import warnings
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from tfvae.data import factor_table
from tfvae.data.arrays import Arrays
from tfvae.data.base import DATASETS
from tfvae.data.picture_folder import PictureFolder
from tfvae.data.pictures import MODES
from tfvae.data.pictures import SUFFIXES

NAMED = 3  # pictures that a warning names


@DATASETS.register("folder")
@dataclass(eq=False)
class Folder(Arrays):
    """Your own images, in a folder and its sub-folders.

    Each becomes a square, as `pictures.decode` says, and is kept as uint8 in a
    cache on disk, from which batches are read: memory does not grow with the
    number of images. The folder is read again where a file's name, size or
    time changed.

    Attributes:
        dir: the folder.
        image_size: pixels of a side.
        channels: 1 (grey) or 3 (RGB).
        strict: refuse the folder if a file is damaged or odd, instead of
            leaving the file out with a warning.
        factors_csv: factors of the images, as `factor_table.read` takes them.
    """

    dir: str
    image_size: int = field(default=64, metadata={"flag": "--size"})
    channels: int = field(default=3, metadata={"flag": "--channels"})
    strict: bool = field(default=False, metadata={"flag": "--strict"})
    factors_csv: str | None = field(
        default=None, metadata={"flag": "--data-factors"}
    )

    obtained = "a folder of yours"
    licence = "yours"
    citation = "yours"

    def __post_init__(self):
        self._check()
        pictures = PictureFolder(Path(self.dir), self.image_size, self.channels)
        self._check_found(pictures)
        super().__init__(pictures.images(), *self._factors_of(pictures))
        self.fingerprint = pictures.fingerprint

    def _check(self) -> None:
        if self.image_size < 1:
            raise ValueError(
                "Argument `image_size` must be >= 1. "
                f"Received: image_size={self.image_size}"
            )
        if self.channels not in MODES:
            raise ValueError(
                "Argument `channels` must be 1 (grey) or 3 (RGB). "
                f"Received: channels={self.channels}"
            )

    def _check_found(self, pictures: PictureFolder) -> None:
        if not pictures.files:
            raise ValueError(
                "The folder must hold images "
                f"({', '.join(sorted(SUFFIXES))}). Received: dir={self.dir!r}"
            )
        left_out = pictures.names(usable=False)
        if not left_out:
            return
        named = ", ".join(
            f"{name!r} ({_fault(pictures, name)})" for name in left_out[:NAMED]
        )
        found = f"{len(left_out)} of {len(pictures.files)} files: {named}" + (
            ", ..." if len(left_out) > NAMED else ""
        )
        if self.strict or len(left_out) == len(pictures.files):
            raise ValueError(
                "Every file must be a sound picture; mend or remove the "
                f"others. Received: dir={self.dir!r} with {found}"
            )
        warnings.warn(f"Left out of {self.dir!r}: {found}", stacklevel=5)

    def _factors_of(self, pictures: PictureFolder) -> tuple:
        if self.factors_csv is None:
            return None, None
        names, factors = factor_table.read(
            self.factors_csv,
            pictures.names(),
            left_out=pictures.names(usable=False),
        )
        return factors, names


def _fault(pictures: PictureFolder, name: str) -> str:
    """Why a file cannot be used."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        try:
            pictures.decode(name)
        except ValueError as error:
            return str(error)
    return "it could not be decoded before"
