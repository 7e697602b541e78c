"""A study: the runs that a YAML file asks for."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tfvae import registry
from tfvae.metrics.evaluate import chosen

KEYS = ("fixed", "grid", "metrics")
FIRST = ("preset", "objective", "dataset")  # in the name of a run
LAST = ("seed",)
OWN = ("run-dir", "resume")  # options that the sweep itself gives

Value = str | int | float | bool


@dataclass(frozen=True)
class Study:
    """Runs of `train.py`, and what is measured of each.

    Attributes:
        runs: the options of each run, by the run's name.
        varied: the options that the grid gives, in the order of the names.
        metrics: what `python -m tfvae evaluate --metrics` takes.
    """

    runs: dict[str, dict[str, Value]]
    varied: tuple[str, ...]
    metrics: str

    @classmethod
    def read(cls, file: Path) -> "Study":
        """The study that a YAML file holds.

        Raises:
            ValueError: if it is no study; the error names file and key.
        """
        try:
            content = yaml.safe_load(file.read_text())
            return cls.parse(content)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ValueError(f"{file} is no YAML: {error}") from error
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error

    @classmethod
    def parse(cls, content: Any) -> "Study":
        """The study that the content of a YAML file describes.

        Args:
            content: `{"fixed": {option: value}, "grid": [{option: value or
                values}], "metrics": names}`; only the grid must be there. Each
                block of the grid is the product of its options' values.

        Raises:
            ValueError: on an unknown key, a wrong type, an empty grid, or a
                run that comes twice.

        >>> grid = [{"objective": ["H", "TC"], "beta": [4, 8], "seed": 0}]
        >>> [*Study.parse({"grid": grid}).runs][:2]
        ['H_beta-4_seed-0', 'H_beta-8_seed-0']
        """
        _check_mapping("a study", content)
        for key in content:
            if key not in KEYS:
                raise registry.unknown_name("key", str(key), KEYS)
        fixed = {
            name: _scalar(f"fixed.{name}", value)
            for name, value in _options("fixed", content.get("fixed", {}))
        }
        blocks = [*_blocks(content.get("grid"), fixed)]
        runs = _named(_expanded(blocks), fixed)
        varied = sorted({name for block in blocks for name in block}, key=_rank)
        return cls(runs, (*varied,), _metrics(content.get("metrics", "fast")))


def name_of(options: dict[str, Value]) -> str:
    """A run's name: the same whatever the order of the options."""
    parts = []
    for option in sorted(options, key=_rank):
        value = str(options[option])
        parts.append(value if option in FIRST else f"{option}-{value}")
    return "_".join(re.sub(r"[^\w.+-]+", "-", part) for part in parts)


def metric_names(text: str) -> list[str]:
    """The metrics that `python -m tfvae evaluate --metrics` takes for a text.

    Raises:
        ValueError: on an unknown metric.
    """
    names, _ = chosen(text.split(",") if "," in text else text)
    return names


def _rank(option: str) -> tuple:
    first = FIRST.index(option) if option in FIRST else len(FIRST)
    return option in LAST, first, option


def _blocks(grid: Any, fixed: dict[str, Value]) -> Iterator[dict[str, list]]:
    """The blocks of a grid with each option's values in a list."""
    if not isinstance(grid, list) or not grid:
        raise ValueError(f"grid must be a list of blocks. Received: {grid!r}")
    for number, block in enumerate(grid):
        where = f"grid[{number}]"
        values = dict(_options(where, block))
        if not values:
            raise ValueError(f"{where} must have options. Received: {block}")
        for name in values.keys() & fixed.keys():
            raise ValueError(f"{where}.{name} is given under fixed, too")
        yield {
            name: _values(f"{where}.{name}", value)
            for name, value in values.items()
        }


def _options(where: str, given: Any) -> Iterator[tuple[str, Any]]:
    """The options of a mapping, named as on the command line."""
    _check_mapping(where, given)
    seen = set()
    for key, value in given.items():
        name = str(key).replace("_", "-")
        if name in OWN:
            raise ValueError(f"{where}.{key} is what the sweep itself gives")
        if name in seen:
            raise ValueError(f"{where}.{name} is given twice")
        seen.add(name)
        yield name, value


def _values(where: str, given: Any) -> list[Value]:
    values = given if isinstance(given, list) else [given]
    if not values:
        raise ValueError(f"{where} must have values. Received: []")
    return [_scalar(where, value) for value in values]


def _scalar(where: str, value: Any) -> Value:
    if not isinstance(value, Value):
        raise ValueError(
            f"{where} must be a text, a number, true or false. "
            f"Received: {value!r}"
        )
    return value


def _check_mapping(where: str, given: Any) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{where} must be a mapping. Received: {given!r}")


def _expanded(blocks: list[dict[str, list]]) -> Iterator[dict[str, Value]]:
    for block in blocks:
        for values in itertools.product(*block.values()):
            yield dict(zip(block, values, strict=True))


def _named(
    varied: Iterator[dict[str, Value]], fixed: dict[str, Value]
) -> dict[str, dict[str, Value]]:
    runs: dict[str, dict[str, Value]] = {}
    for options in varied:
        name = name_of(options)
        if name in runs:
            raise ValueError(f"grid has two runs of one name. Received: {name}")
        runs[name] = {**fixed, **options}
    return runs


def _metrics(given: Any) -> str:
    names = given if isinstance(given, list) else str(given).split(",")
    text = ",".join(str(name).strip() for name in names)
    try:
        metric_names(text)
    except ValueError as error:
        raise ValueError(f"metrics: {error}") from error
    return text
