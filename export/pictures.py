"""Images from files and into files."""

import io
from pathlib import Path

import click
import numpy as np
from PIL import Image

COLOURS = {1: "greyscale", 3: "RGB", 4: "RGBA"}  # by channels
MODES = {"L": "greyscale", "I;16": "greyscale", "P": "palette"}  # of Pillow
BIT_DEPTH = 24  # where a PNG file has it
UNREADABLE = OSError, SyntaxError, ValueError, Image.DecompressionBombError
MARGIN = 2  # pixels around each image of a row


def read_png(path: Path, shape: tuple[int, int, int]) -> bytes:
    """The content of a PNG file that fits the model.

    Raises:
        click.ClickException: if it does not, or is no PNG file.
    """
    content = path.read_bytes()
    height, width, channels = shape
    expected = (
        f"{width} x {height} pixels, 8-bit {COLOURS.get(channels, channels)}"
    )
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            received = (
                f"{image.width} x {image.height} pixels, "
                f"{content[BIT_DEPTH]}-bit {MODES.get(image.mode, image.mode)}"
            )
            if received == expected:
                image.load()
    except UNREADABLE as error:
        raise click.ClickException(
            f"{path} is not a PNG file that can be read. Received: {error}"
        ) from error
    if received != expected:
        raise click.ClickException(
            f"The model takes images of {expected}. "
            f"Received: {path} with {received}"
        )
    return content


def row(images: np.ndarray) -> Image.Image:
    """Images in [0, 1], `[N, H, W, C]`, side by side on white.

    Raises:
        click.ClickException: if no picture has as many channels.
    """
    if images.shape[-1] not in COLOURS:
        raise click.ClickException(
            "A picture has 1, 3 or 4 channels. "
            f"Received: images of {images.shape[-1]}"
        )
    sides = [(0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)]
    framed = np.pad(images, sides, constant_values=1)
    pixels = np.round(255 * np.concatenate(framed, axis=1)).astype(np.uint8)
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def write_new(picture: Image.Image, path: Path) -> None:
    """Write a PNG file that must not be there yet."""
    content = io.BytesIO()
    picture.save(content, "PNG")
    with open(path, "xb") as file:
        file.write(content.getvalue())
