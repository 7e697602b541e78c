"""Schedules: what a weight or a capacity is at each training step.

A schedule is a callable of the step (an int or an integer tensor) that gives a
float32 scalar tensor. It knows nothing of what it schedules, and it reads the
step it is given, so that it goes on where it was after a restart.
"""

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from tfvae.registry import Registry

SCHEDULES = Registry("schedule")

Schedule = Callable[[Any], tf.Tensor]


def _check_value(**value: float) -> None:
    [(name, number)] = value.items()
    if not math.isfinite(number) or number < 0:
        raise ValueError(
            f"Argument `{name}` must be a finite number >= 0. "
            f"Received: {name}={number}"
        )


def _check_steps(steps: int) -> None:
    if not steps > 0:
        raise ValueError(
            f"Argument `steps` must be > 0. Received: steps={steps}"
        )


@SCHEDULES.register("Constant")
@dataclass(frozen=True)
class Constant:
    """The same value at every step.

    >>> float(Constant(4.0)(123))
    4.0
    """

    value: float

    def __post_init__(self):
        _check_value(value=self.value)

    def __call__(self, step) -> tf.Tensor:
        return tf.constant(self.value, tf.float32)


@SCHEDULES.register("Linear")
@dataclass(frozen=True)
class Linear:
    """From `start` to `stop` in a straight line over `steps`, then `stop`.

    >>> float(Linear(0.0, 25.0, steps=100)(50))
    12.5
    """

    start: float
    stop: float
    steps: int

    def __post_init__(self):
        _check_value(start=self.start)
        _check_value(stop=self.stop)
        _check_steps(self.steps)

    def __call__(self, step) -> tf.Tensor:
        return self.start + (self.stop - self.start) * _progress(
            step, self.steps
        )


@SCHEDULES.register("Geometric")
@dataclass(frozen=True)
class Geometric:
    """From `start` to `stop` by a constant factor a step, then `stop`.

    >>> round(float(Geometric(100.0, 1.0, steps=10)(5)), 4)
    10.0
    """

    start: float
    stop: float
    steps: int

    def __post_init__(self):
        _check_value(start=self.start)
        _check_value(stop=self.stop)
        _check_steps(self.steps)
        if self.start == 0 or self.stop == 0:
            raise ValueError(
                "A geometric schedule cannot touch 0; use Linear. "
                f"Received: start={self.start}, stop={self.stop}"
            )

    def __call__(self, step) -> tf.Tensor:
        ratio = tf.constant(self.stop / self.start, tf.float32)
        return self.start * ratio ** _progress(step, self.steps)


def _progress(step, steps: int) -> tf.Tensor:
    return tf.minimum(tf.cast(step, tf.float32) / steps, 1.0)


def get(identifier: Any) -> Schedule:
    """A schedule from a number, a text, a config, or a callable.

    Args:
        identifier: a number (constant); a text `"value"`, `"start:stop:steps"`
            (linear) or `"start:stop:steps:Geometric"`; a dict as
            `registry.config` writes it; or any callable of the step.

    Returns:
        A callable of the step.

    Raises:
        ValueError: if the identifier is none of these.

    >>> get("0:25:1000")
    Linear(start=0.0, stop=25.0, steps=1000)
    """
    if isinstance(identifier, str):
        return _parse(identifier)
    if isinstance(identifier, numbers.Real) and not isinstance(
        identifier, bool
    ):
        return Constant(float(identifier))
    if isinstance(identifier, dict):
        return SCHEDULES.get(identifier)
    if callable(identifier):
        return identifier
    raise ValueError(
        "A schedule is a number, 'start:stop:steps', or a callable of the "
        f"step. Received: {identifier!r}"
    )


def _parse(text: str) -> Schedule:
    parts = text.split(":")
    shape = parts.pop() if len(parts) == 4 else "Linear"
    try:
        values = _numbers(*parts)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "A schedule is written 'value', 'start:stop:steps' or "
            f"'start:stop:steps:Geometric'. Received: {text!r}"
        ) from error
    return SCHEDULES[shape](*values) if len(values) > 1 else Constant(*values)


def _numbers(start: str, *rest: str) -> tuple[float, ...]:
    if not rest:
        return (float(start),)
    stop, steps = rest
    return float(start), float(stop), int(steps)
