"""The page in Gradio: sliders, pictures, and what happens to them."""

import html
from pathlib import Path

import gradio
import numpy as np

from tfvae.exploring.pictures import STEP
from tfvae.exploring.pictures import Pictures
from tfvae.exploring.pictures import Start
from tfvae.report.page import uri

HERE = Path(__file__).parent
LIVE = {
    "queue": False,  # which takes longer than the decoder
    "show_progress": "hidden",
    # of moves that come while one is decoded, the last is all that matters
    "trigger_mode": "always_last",
    "preprocess": False,  # raises on a number typed beyond the ends
    "api_visibility": "private",
}


class Page:
    """A page of one model.

    Args:
        pictures: what it shows.
        name: of the run.

    Attributes:
        blocks: the page as Gradio has it.
    """

    def __init__(self, pictures: Pictures, name: str):
        self._pictures = pictures
        number = pictures.another()
        start = pictures.start(number)
        with gradio.Blocks(analytics_enabled=False, title=name) as self.blocks:
            gradio.HTML(f"<h1>{html.escape(name)}</h1>")
            with gradio.Row():
                with gradio.Column(elem_classes="pictures"):
                    self._add_pictures(start, name)
                with gradio.Column():
                    self._add_controls(number)
                    self._add_sliders(start)
            self._connect()

    # === What is there ===

    def _add_pictures(self, start: Start, name: str) -> None:
        self._shown = gradio.HTML(
            html_template=(HERE / "page.html").read_text(),
            js_on_load=None,
            file=html.escape(name),
            **_content(start),
        )

    def _add_controls(self, number: int) -> None:
        label = f"Image, 0 to {self._pictures.count - 1:,}"
        self._number = gradio.Number(number, label=label, precision=0)
        with gradio.Row():
            self._another = gradio.Button(
                "Another image", size="md", min_width=120
            )
            self._reset = gradio.Button("Reset", size="md", min_width=120)

    def _add_sliders(self, start: Start) -> None:
        self._ranges = gradio.JSON(start.ranges.tolist(), visible=False)
        latents, active = self._pictures.latents, self._pictures.active
        if not active:
            gradio.HTML("No latent is active; here are all of them.")
        shown = latents[:active] or latents
        self._sliders = [self._slider(start, latent) for latent in shown]
        self._inactive = latents[len(shown) :]
        if self._inactive:
            self._show_inactive = gradio.Checkbox(
                label=f"Show {len(self._inactive)} inactive"
            )
            with gradio.Group(visible=False) as self._hidden:
                self._sliders += [
                    self._slider(start, latent) for latent in self._inactive
                ]

    def _slider(self, start: Start, latent: int) -> gradio.Slider:
        return gradio.Slider(
            label=self._pictures.labels[latent],
            step=STEP,
            buttons=[],
            **_position(start, latent),
        )

    # === What happens ===

    def _connect(self) -> None:
        everything = [
            self._number,
            self._shown,
            self._ranges,
            *self._sliders,
        ]
        gradio.on(
            [slider.input for slider in self._sliders],
            self._move,
            [self._ranges, *self._sliders],
            self._shown,
            **LIVE,
        )
        self._number.input(self._start, self._number, everything, **LIVE)
        self._reset.click(self._start, self._number, everything, **LIVE)
        self._another.click(self._start_another, None, everything, **LIVE)
        if self._inactive:
            self._show_inactive.input(
                lambda show: gradio.Group(visible=show),
                self._show_inactive,
                self._hidden,
                **LIVE,
            )

    def _move(self, ranges: list[list[float]], *values: float | None):
        # a slider jumps to its end when a number beyond it is typed, and to 0
        # when its field is left empty
        z = np.empty(len(values))
        z[self._pictures.latents] = [value or 0 for value in values]
        moved = self._pictures.moved(np.clip(z, *np.transpose(ranges)))
        return gradio.HTML(moved=uri(moved, "png"))

    def _start(self, number: float | None):
        if number is None:  # the field is empty
            return gradio.skip()
        nearest = min(max(int(number), 0), self._pictures.count - 1)
        # to write where somebody types would undo what came meanwhile
        field = gradio.skip() if nearest == number else nearest
        return [field, *self._started(nearest)]

    def _start_another(self):
        number = self._pictures.another()
        return [number, *self._started(number)]

    def _started(self, number: int) -> list[gradio.Component]:
        start = self._pictures.start(number)
        sliders = [
            gradio.Slider(**_position(start, latent))
            for latent in self._pictures.latents
        ]
        shown = gradio.HTML(**_content(start))
        return [shown, start.ranges.tolist(), *sliders]


def _content(start: Start) -> dict[str, str]:
    """What the template is filled with."""
    return {
        "image": uri(start.image, "png"),
        "reconstruction": uri(start.reconstruction, "png"),
        "moved": uri(start.moved, "png"),
    }


def _position(start: Start, latent: int) -> dict[str, float]:
    low, high = start.ranges[latent].tolist()
    return {"minimum": low, "maximum": high, "value": float(start.z[latent])}
