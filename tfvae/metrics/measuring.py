"""One metric on its sources: scores, intervals, and how they came about."""

import inspect
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tfvae.metrics.sources import Sources

LEFT_OUT = "hits"  # thousands of them, and the score is their mean


def measure(
    metric: Callable,
    sources: Sources,
    resamples: int,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Call a metric with what its arguments are named after.

    Args:
        metric: registered; its floats are scores, all else is detail.
        sources: what there is.
        resamples: for the intervals of a metric that has them.
        progress: for a metric that tells how far it is.

    Returns:
        JSON-ready: "scores", "intervals", "options", "samples", "seconds",
        "details"; and "no_intervals" with the reason, where the metric refuses
        a resample, as one that lost the only image of a value.

    Raises:
        ValueError: if the sources lack something, or the metric refuses them.
    """
    start = time.perf_counter()
    parameters = inspect.signature(metric).parameters
    given = {
        name: getattr(sources, name)
        for name, parameter in parameters.items()
        if name == "seed" or parameter.default is parameter.empty
    }
    rows = {k: v for k, v in given.items() if isinstance(v, np.ndarray)}
    rest = {k: v for k, v in given.items() if k not in rows}
    if "progress" in parameters:
        rest["progress"] = progress
    result = metric(**rows, **rest)
    scores = {k: v for k, v in result.items() if isinstance(v, float)}
    details = {k: v for k, v in result.items() if k not in scores}
    errors, refused = dict(details.get("standard_errors", {})), {}
    if metric.interval and resamples:
        try:
            errors = _bootstrap(metric, rows, rest, resamples)
        except ValueError as error:
            refused = {"no_intervals": str(error)}
    if LEFT_OUT in details:
        hits = details.pop(LEFT_OUT)
        errors[metric.name] = np.std(hits) / np.sqrt(len(hits))
    intervals = {
        name: [scores[name] - 1.96 * error, scores[name] + 1.96 * error]
        for name, error in errors.items()
    }
    return {
        "scores": _json(scores),
        "intervals": _json(intervals),
        "options": _options(parameters),
        "samples": _images(rows),
        "seconds": time.perf_counter() - start,
        "details": _json(details),
        **refused,
    }


def _bootstrap(metric, rows, rest, resamples) -> dict[str, float]:
    """Standard deviation of each score over resampled images.

    Resampled images repeat, which biases estimates of information upwards:
    their spread is of use, their quantiles would be off.
    """
    size = len(next(iter(rows.values())))
    rng = np.random.default_rng([rest.get("seed", 0), 1])
    again = []
    for _ in range(resamples):
        some = rng.integers(size, size=size)
        drawn = {name: array[some] for name, array in rows.items()}
        again.append(metric(**drawn, **rest))
    return {
        name: np.std([result[name] for result in again])
        for name, value in again[0].items()
        if isinstance(value, float)
    }


def _images(rows: dict[str, np.ndarray]) -> int:
    parts = [rows[k] for k in ("train_codes", "test_codes") if k in rows]
    return sum(map(len, parts or [next(iter(rows.values()))]))


def _options(parameters) -> dict[str, Any]:
    """The metric's own options, at their defaults."""
    return {
        name: parameter.default
        for name, parameter in parameters.items()
        if name != "seed" and isinstance(parameter.default, str | int | float)
    }


def _json(value: Any) -> Any:
    """Arrays as lists; what is not a finite number as None."""
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, np.ndarray | list):
        return [_json(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
