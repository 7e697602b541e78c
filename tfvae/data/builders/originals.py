"""The published files that builders read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tfvae.data.tfds_images import manual_directory


@dataclass(frozen=True)
class Original:
    """A published file.

    Attributes:
        name: of the file.
        url: where it is.
        md5: its checksum, hexadecimal; None if none is known, and then it is
            never downloaded, only taken as the user puts it there.
    """

    name: str
    url: str
    md5: str | None

    def fetch(self, builder, downloads) -> Path:
        """The file as the user put it there, or else downloaded.

        Args:
            builder: the builder that needs it.
            downloads: its download manager.

        Raises:
            ValueError: if the checksum is wrong, or none is known of a file
                that is not there.
        """
        path = manual_directory(builder) / self.name
        if not path.exists():
            if self.md5 is None:
                raise ValueError(
                    f"No checksum of {self.url} is known; fetch it yourself. "
                    f"Received: no file {path}"
                )
            path = Path(downloads.download(self.url))
        self._check(path)
        return path

    def _check(self, path: Path) -> None:
        if self.md5 is None:
            return
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, "md5").hexdigest()
        if found != self.md5:
            raise ValueError(
                f"{self.name} has the MD5 {self.md5}; delete this one and get "
                f"it again from {self.url}. Received: {found}, path={path}"
            )
