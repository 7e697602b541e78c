import json
from dataclasses import dataclass
from typing import Any

import pytest

from tfvae import registry
from tfvae import schedules
from tfvae.registry import Registry

SHAPES = Registry("shape")


@SHAPES.register("square")
@dataclass(frozen=True)
class Square:
    side: float


@SHAPES.register("circle")
@dataclass(frozen=True)
class Circle:
    radius: float = 1.0
    growth: Any = 0.0

    def __post_init__(self):
        object.__setattr__(self, "growth", schedules.get(self.growth))


def test_names_and_classes_are_sorted_alike():
    assert SHAPES.names() == ["circle", "square"]
    assert SHAPES.classes() == [Circle, Square]


def test_get_by_name_with_fields():
    assert SHAPES["circle"] is Circle
    assert SHAPES.get("circle") == Circle()
    assert SHAPES.get("square", side=2.0) == Square(2.0)


def test_get_returns_an_instance_as_it_came():
    circle = Circle(3.0)
    assert SHAPES.get(circle) is circle


@pytest.mark.parametrize("name", ["circel", "Circle", "circles"])
def test_unknown_name_tells_the_nearest_and_the_rest(name):
    with pytest.raises(ValueError) as error:
        SHAPES.get(name)
    assert str(error.value) == (
        f"Unknown shape. Received: shape='{name}'. "
        "Did you mean 'circle'? The known are: circle, square."
    )


def test_unknown_name_far_from_all_gets_no_guess():
    with pytest.raises(ValueError, match="known are: circle, square") as error:
        SHAPES["xyz"]
    assert "Did you mean" not in str(error.value)


@pytest.mark.parametrize(
    "arguments, fields",
    [
        (("circle",), {"radios": 2.0}),
        (({"name": "circle", "radios": 2.0},), {}),
    ],
)
def test_unknown_field_tells_the_nearest(arguments, fields):
    with pytest.raises(ValueError, match="'radios'. Did you mean 'radius'"):
        SHAPES.get(*arguments, **fields)


def test_missing_field_is_refused():
    with pytest.raises(ValueError, match="side"):
        SHAPES.get("square")


@pytest.mark.parametrize(
    "instance, expected",
    [
        (Square(2.0), {"name": "square", "side": 2.0}),
        (
            Circle(3.0, growth=0.5),
            {
                "name": "circle",
                "radius": 3.0,
                "growth": {"name": "Constant", "value": 0.5},
            },
        ),
        (
            Circle(growth="0:25:1000"),
            {
                "name": "circle",
                "radius": 1.0,
                "growth": {
                    "name": "Linear",
                    "start": 0.0,
                    "stop": 25.0,
                    "steps": 1000,
                },
            },
        ),
    ],
)
def test_config_and_back_through_json(instance, expected):
    config = registry.config(instance)
    assert config == expected
    assert SHAPES.get(json.loads(json.dumps(config))) == instance


def test_config_of_an_unregistered_class_is_refused():
    with pytest.raises(ValueError, match="Only registered classes"):
        registry.config(Circle(growth=lambda step: step))


def test_config_of_an_unregistered_subclass_is_refused():
    @dataclass(frozen=True)
    class Ring(Circle):
        pass

    with pytest.raises(ValueError, match="Only registered classes"):
        registry.config(Ring())


def test_import_siblings_imports_every_module(tmp_path, monkeypatch):
    package = tmp_path / "shapes_of_a_user"
    package.mkdir()
    package.joinpath("__init__.py").write_text("known = []\n")
    for name in ("cone", "cube"):
        package.joinpath(f"{name}.py").write_text(
            f"from shapes_of_a_user import known\n\nknown.append('{name}')\n"
        )
    monkeypatch.syspath_prepend(tmp_path)
    registry.import_siblings("shapes_of_a_user", [str(package)])
    import shapes_of_a_user

    assert shapes_of_a_user.known == ["cone", "cube"]
