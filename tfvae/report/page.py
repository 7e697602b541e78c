"""From figures and texts to one HTML file that needs no other."""

import base64
import inspect
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jinja2
from matplotlib.figure import Figure

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("tfvae.report"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


WIDE = 8.0  # inches; a wider figure is scrolled where it would be too small


@dataclass(frozen=True)
class Picture:
    """An image inside the page.

    Attributes:
        title: above it.
        caption: what it shows; also read aloud in its stead.
        uri: the image itself.
        wide: whether it is too wide for a telephone.
    """

    title: str
    caption: str
    uri: str
    wide: bool = False


def picture(function: Callable, figure: Figure, png: bytes) -> Picture:
    """A drawn figure, with its name and the first line of its docstring."""
    return Picture(
        title(function.name),
        first_line(function),
        uri(png, "png"),
        figure.get_figwidth() > WIDE,
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
    words = name.replace("_", " ")
    words = words[:1].upper() + words[1:]
    return words.replace("Kl ", "KL ").replace("Mig ", "MIG ")


def first_line(function: Callable) -> str:
    """What a function says of itself first."""
    return inspect.getdoc(function).splitlines()[0]


def definition(function: Callable) -> str:
    """What a function says of itself before its arguments."""
    return inspect.getdoc(function).split("\nArgs:")[0].strip()


def render(template: str, **content: Any) -> str:
    """A page from one of the templates."""
    return TEMPLATES.get_template(template).render(content)
