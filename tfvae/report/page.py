"""From figures and texts to one HTML file that needs no other."""

import base64
import inspect
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jinja2
from matplotlib.figure import Figure
from PIL import Image

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("tfvae.report"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


WIDE = 800  # pixels; a wider picture is scrolled where it would be too small
ACRONYMS = {"elbo": "ELBO", "kl": "KL", "mig": "MIG"}
ENLARGED = 1.1  # so much larger than on paper, where an inch is 96 pixels


@dataclass(frozen=True)
class Picture:
    """An image inside the page.

    Attributes:
        title: above it.
        caption: what it shows; also read aloud in its stead.
        uri: the image itself.
        width: in pixels, where there is room for it.
    """

    title: str
    caption: str
    uri: str
    width: int

    @property
    def wide(self) -> bool:
        """Whether it is too wide for a telephone."""
        return self.width > WIDE


def picture(function: Callable, png: bytes) -> Picture:
    """A drawn figure, with its name and what it says of itself."""
    drawn = Image.open(io.BytesIO(png))
    inches = drawn.width / drawn.info["dpi"][0]
    return Picture(
        title(function.name),
        caption(function),
        uri(png, "png"),
        round(inches * 96 * ENLARGED),
    )


def png(figure: Figure) -> bytes:
    """A figure as a PNG file."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return file.getvalue()


def uri(content: bytes, kind: str) -> str:
    """An image file as the address of itself."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def title(name: str) -> str:
    """A name in words: "kl_paths" as "KL paths"."""
    words = " ".join(ACRONYMS.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def caption(function: Callable) -> str:
    """What a function says of itself first, in a line."""
    first = inspect.getdoc(function).split("\n\n")[0]
    return " ".join(first.replace("`", "").split())


def definition(function: Callable) -> str:
    """What a function says of itself before its arguments."""
    return inspect.getdoc(function).split("\nArgs:")[0].strip()


def text(value: Any) -> str:
    """A parameter in words.

    >>> text({"name": "Linear", "start": 0.0, "steps": 7500})
    'Linear (start 0.0, steps 7,500)'
    """
    if not isinstance(value, dict):
        return f"{value:,}" if type(value) is int else str(value)
    fields = {k: v for k, v in value.items() if k != "name"}
    listed = ", ".join(f"{key} {text(item)}" for key, item in fields.items())
    if "name" not in value:
        return listed
    return f"{value['name']} ({listed})" if listed else value["name"]


def render(template: str, **content: Any) -> str:
    """A page from one of the templates."""
    return TEMPLATES.get_template(template).render(content)
