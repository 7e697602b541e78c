"""One metric on its sources: scores, intervals, and how they came about."""

import inspect
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import t

from tfvae.metrics.sources import Sources

LEFT_OUT = "hits"  # thousands of them, and the score is their mean
SHARED = ("seed", "aggregate")  # given although the metric has a default
LEVEL = 0.95  # of the intervals
FEWEST = 2  # resamples that have a spread


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
        resamples: halves of the rows for the intervals; 0 for none.
        progress: for a metric that tells how far it is.

    Returns:
        JSON-ready: "scores", "intervals", "options", "samples", "seconds",
        "details"; and "no_intervals" with the reason, where the metric refuses
        a half, as one that lost the only image of a value.

    Raises:
        ValueError: if the sources lack something, or the metric refuses them.
    """
    start = time.perf_counter()
    parameters = inspect.signature(metric).parameters
    given = {
        name: getattr(sources, name)
        for name, parameter in parameters.items()
        if name in SHARED or parameter.default is parameter.empty
    }
    rows = {k: v for k, v in given.items() if isinstance(v, np.ndarray)}
    rest = {k: v for k, v in given.items() if k not in rows}
    if "progress" in parameters:
        rest["progress"] = progress
    result = metric(**rows, **rest)
    scores = {k: v for k, v in result.items() if isinstance(v, float)}
    details = {k: v for k, v in result.items() if k not in scores}
    margins, refused = _sampling_margins(metric, details), {}
    if metric.resampled and resamples:
        count = max(round(resamples * metric.resampled), FEWEST)
        try:
            margins = _half_sample_margins(metric, rows, rest, count)
        except ValueError as error:
            refused = {"no_intervals": str(error)}
    intervals = {
        name: [scores[name] - margin, scores[name] + margin]
        for name, margin in margins.items()
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


def _sampling_margins(metric, details) -> dict[str, float]:
    """Half the interval of a score that is itself a mean of draws."""
    errors = dict(details.get("standard_errors", {}))
    if LEFT_OUT in details:
        hits = details.pop(LEFT_OUT)
        errors[metric.name] = np.std(hits) / np.sqrt(len(hits))
    return {name: 1.96 * error for name, error in errors.items()}


def _half_sample_margins(metric, rows, rest, count) -> dict[str, float]:
    """Half the interval of each score, from its spread over random halves.

    A half drawn without repetition is off from the whole as the whole is from
    the population: the jackknife of Shao & Wu (1989) with half the rows left
    out. Rows that repeat, as a bootstrap's do, would bias estimates of
    information and let classifiers see their test rows.
    """
    rng = np.random.default_rng([rest.get("seed", 0), 1])
    again = [metric(**_half(rows, rng), **rest) for _ in range(count)]
    quantile = t.ppf((1 + LEVEL) / 2, count - 1)
    return {
        name: quantile * np.std([result[name] for result in again], ddof=1)
        for name, value in again[0].items()
        if isinstance(value, float)
    }


def _half(rows, rng) -> dict[str, np.ndarray]:
    """Half of the training part, of the test part, or of a single part; the
    arrays of a part keep the same rows."""
    sizes = sorted({len(array) for array in rows.values()})
    kept = {size: rng.permutation(size)[: size // 2] for size in sizes}
    return {name: array[kept[len(array)]] for name, array in rows.items()}


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
