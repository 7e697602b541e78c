"""Picture files for whatever reads them."""

import io

import numpy as np
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 256, [6, 10, 3], np.uint8)


def picture(pixels=PIXELS, kind: str = "PNG", **options) -> bytes:
    """The content of a picture file; of an array or of a Pillow image."""
    if not isinstance(pixels, Image.Image):
        pixels = Image.fromarray(pixels)
    content = io.BytesIO()
    pixels.save(content, kind, **options)
    return content.getvalue()
