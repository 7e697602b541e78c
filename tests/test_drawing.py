from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from tfvae import drawing
from tfvae.registry import Registry

VIEWS = SimpleNamespace(images=[3, 4])


@pytest.fixture
def registry():
    registry = Registry("figure")

    @registry.register("first")
    def first(images, *, title="plain"):
        drawn = Figure()
        drawn.suptitle(f"{title} {images}")
        return drawn

    @registry.register("second")
    def second(images):
        raise ValueError("Nothing moves.")

    return registry


def test_arguments_are_filled_by_name_and_options_by_hand(registry):
    drawn = drawing.draw(registry["first"], VIEWS, title="loud")
    assert drawn.get_suptitle() == "loud [3, 4]"
    assert drawing.draw(registry["first"], VIEWS).get_suptitle() == (
        "plain [3, 4]"
    )


def test_what_cannot_be_drawn_is_told_with_its_reason(registry):
    drawn, skipped = drawing.draw_all(registry, VIEWS)
    assert list(drawn) == ["first"]
    assert skipped == {"second": "Nothing moves."}


def test_a_named_figure_must_be_drawable(registry):
    assert list(drawing.draw_all(registry, VIEWS, ["first"])[0]) == ["first"]
    with pytest.raises(ValueError, match="Figure second: Nothing moves."):
        drawing.draw_all(registry, VIEWS, ["second"])
    with pytest.raises(ValueError, match="Did you mean 'first'"):
        drawing.draw_all(registry, VIEWS, ["frist"])
