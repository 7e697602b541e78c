"""What export/ says and configures, read for the tests."""

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image

ROOT = Path(__file__).parents[2]
EXPORT = ROOT / "export"
README = (EXPORT / "README.md").read_text()


def png(pixels: np.ndarray) -> bytes:
    """A PNG file of uint8 pixels, `[H, W]` or `[H, W, C]`."""
    file = io.BytesIO()
    Image.fromarray(np.squeeze(pixels)).save(file, "PNG")
    return file.getvalue()


def blocks(language: str) -> list[str]:
    """The fenced blocks of README.md in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def bodies() -> list[tuple[str, str]]:
    """Each request body of README.md and the shape of its answer."""
    return re.findall(r"^(\{.*\})\n-> (\{.*\})$", README, re.M)


def filled(body: str, pixels: np.ndarray) -> Any:
    """A body with a picture where the page has a word for it."""
    words = {
        "IMAGE": json.dumps((pixels / 255).tolist()),
        "PIXELS": json.dumps(pixels.tolist()),
        "PNG": json.dumps(base64.b64encode(png(pixels)).decode()),
    }
    return json.loads(re.sub(r"\b[A-Z]+\b", lambda m: words[m[0]], body))


def shapes(answer: Any) -> Any:
    """An answer with the shape of each tensor in its place, as on the page."""
    if isinstance(answer, dict):
        return {key: shapes(value) for key, value in answer.items()}
    if isinstance(answer, list) and isinstance(answer[0], dict):
        return [shapes(item) for item in answer]
    return list(np.shape(answer))


def compose() -> dict[str, Any]:
    """compose.yaml."""
    return yaml.safe_load((EXPORT / "compose.yaml").read_text())


def server_flags() -> dict[str, str]:
    """The flags that compose.yaml gives to the server."""
    command = compose()["services"]["server"]["command"]
    return dict(flag.removeprefix("--").split("=", 1) for flag in command)
