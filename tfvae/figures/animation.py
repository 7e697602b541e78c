"""What each latent does, in motion."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from tfvae.figures.grid import COARSEST
from tfvae.figures.grid import LARGEST
from tfvae.figures.grid import SMALLEST
from tfvae.figures.latent_grid import latent_grid
from tfvae.figures.latents import chosen_by_kl


def animate(
    traversed: np.ndarray,
    latent_kl: np.ndarray,
    active: np.ndarray,
    meanings: list[str],
    *,
    inactive: bool = True,
    milliseconds: int = 100,
) -> bytes:
    """Latent traversals as an animation that moves there and back for ever.

    Args:
        traversed: from I images, `[I, D, T, H, W, C]` in [0, 1].
        latent_kl: mean KL of each latent, `[D]`, nats.
        active: which latents are active, bool `[D]`.
        meanings: what each latent encodes, D texts; "" if nothing is known.
        inactive: whether inactive latents have rows, labelled in grey.
        milliseconds: that each of the T steps is shown.

    Returns:
        The bytes of a WebP file: a row a latent, by KL, and a column an image.

    Raises:
        ValueError: if no latent is active and inactive ones have no rows, or
            if there are no images.

    >>> black = np.zeros([1, 2, 3, 32, 32, 1])
    >>> film = animate(black, np.ones(2), np.ones(2, bool), ["x", "y"])
    >>> film[:4], film[8:12]
    (b'RIFF', b'WEBP')
    """
    latents = chosen_by_kl(latent_kl, active, inactive)
    inches = np.clip(traversed.shape[-2] / COARSEST, SMALLEST, LARGEST)
    frames = [
        _pixels(
            latent_grid(
                np.swapaxes(images, 0, 1),
                "Latent traversals",
                latents,
                latent_kl,
                active,
                meanings,
                inches=inches,
            )
        )
        for images in np.moveaxis(traversed[:, latents], 2, 0)
    ]
    return _film(frames + frames[-2:0:-1], milliseconds)


def _pixels(figure: Figure) -> Image.Image:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def _film(frames: list[Image.Image], milliseconds: int) -> bytes:
    file = io.BytesIO()
    first, *rest = frames
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=rest,
        duration=milliseconds,
        loop=0,  # for ever
    )
    return file.getvalue()
