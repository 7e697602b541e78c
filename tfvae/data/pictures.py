"""Picture files as square uint8 images."""

import io

import numpy as np
from PIL import Image
from PIL import ImageOps
from PIL import UnidentifiedImageError

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
SUFFIXES = frozenset(
    ".bmp .gif .jpeg .jpg .pgm .png .ppm .tif .tiff .webp".split()
)
LARGEST = 89_000_000  # pixels; what Pillow calls a decompression bomb
MODES = {1: "L", 3: "RGB"}  # Pillow's, by channels


def decode(content: bytes, size: int, channels: int) -> np.ndarray:
    """A picture, turned upright, its largest centred square resized.

    The first frame of several; turned as EXIF says; 16 bits cut to the upper
    8; transparent pixels over black; any other colours (palette, CMYK, ...) to
    RGB, and for one channel on to luma (ITU-R 601-2). Resized by triangles as
    wide as the shrinking asks for. A JPEG that is much larger is decoded at a
    half, a quarter or an eighth first.

    Args:
        content: of a file in one of `FORMATS`.
        size: pixels of a side.
        channels: 1 or 3.

    Returns:
        uint8 `[size, size, channels]`.

    Raises:
        ValueError: if it is no such picture, or damaged.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            square = _square(picture, size, MODES[channels])
    except MemoryError:
        raise
    except UnidentifiedImageError:
        raise ValueError(
            f"It is none of {', '.join(FORMATS)}. "
            f"Received: {len(content)} bytes beginning with {content[:4]!r}"
        ) from None
    except Exception as error:  # hostile files make decoders raise anything
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return np.asarray(square).reshape(size, size, channels)


def _square(picture: Image.Image, size: int, mode: str) -> Image.Image:
    if picture.width * picture.height > LARGEST:
        raise ValueError(
            f"It must have at most {LARGEST} pixels. "
            f"Received: {picture.width}x{picture.height}"
        )
    picture.draft(None, (2 * size, 2 * size))
    upright = _converted(ImageOps.exif_transpose(picture), mode)
    return ImageOps.fit(upright, (size, size), Image.Resampling.BILINEAR)


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    if picture.mode == "F":
        raise ValueError("Its pixels are floating-point numbers")
    if picture.mode.startswith("I"):
        picture = _upper_bits(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        black = Image.new("RGBA", picture.size, "black")
        picture = Image.alpha_composite(black, picture)
    return picture.convert(mode)


def _upper_bits(picture: Image.Image) -> Image.Image:
    pixels = np.asarray(picture)
    if pixels.min() < 0 or pixels.max() >= 2**16:
        raise ValueError(
            "Its pixels must have 8 or 16 bits. "
            f"Received: {pixels.min()} to {pixels.max()}"
        )
    return Image.fromarray((pixels // 2**8).astype(np.uint8))
