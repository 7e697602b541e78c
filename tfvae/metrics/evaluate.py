"""Every metric of a model, on codes that are encoded once."""

import functools
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from tfvae.metrics import encoding
from tfvae.metrics import measuring
from tfvae.metrics.base import METRICS
from tfvae.metrics.sources import Sources
from tfvae.metrics.sources import Table
from tfvae.metrics.sources import split

FAST_IMAGES = 4500  # of which 3,000 to fit on
FAST_RESAMPLES = 20
RESAMPLES = 100

Progress = Callable[[str, int, int], None]


def evaluate(
    model: keras.Model | np.ndarray,
    dataset,
    metrics: str | list[str] = "all",
    seed: int = 0,
    *,
    images: int | None = None,
    sample: int = 10_000,
    resamples: int | None = None,
    symmetric: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure a model, or codes, with every metric there is.

    Args:
        model: a `tfvae.VAE`; or codes of all images of the data set, in its
            order, `[N, D]`.
        dataset: a `tfvae.data.Dataset`.
        metrics: "all", "fast" (some thousand images, a few seconds), a name,
            or a list of names.
        seed: of the draw of images and of every metric.
        images: how many to encode; None for all, or 4,500 with "fast".
        sample: images of a training part; a test part has half as many.
        resamples: random halves of the images for the intervals; 0 for none,
            None for 100, or 20 with "fast". A metric that takes seconds gets
            a twentieth of them.
        symmetric: count views that a symmetric object shows alike as one
            value of its factor (dSprites).
        progress: told (what, how much is done, of how much).

    Returns:
        JSON-ready: "dataset", "weights" (a fingerprint; None for codes),
        "images", "sample", "resamples", "seed", "symmetric", "factors" (names
        of those that vary; the others are "constant_factors"),
        "encoding_seconds", and "metrics": for each its "scores", their 95%
        "intervals" (from the spread over halves of the images, or over
        samples or test points), "options", "samples" (images), "seconds" and
        "details"; or "skipped" and why, for one that "all" or "fast" cannot
        measure here.

    Raises:
        ValueError: on an unknown metric, one that cannot be measured here, or
            codes that do not match the data set.
    """
    names, required = chosen(metrics)
    fast = metrics == "fast"
    if images is None:
        images = FAST_IMAGES if fast else dataset.size
    if resamples is None:
        resamples = FAST_RESAMPLES if fast else RESAMPLES
    _check_sizes(
        images=(images, 3), sample=(sample, 2), resamples=(resamples, 0)
    )
    progress = progress or (lambda what, done, of: None)
    start = time.perf_counter()
    rng = np.random.default_rng(seed)
    indices = rng.permutation(dataset.size)[:images]
    table = _table(model, dataset, indices, sample, symmetric, progress)
    seconds = time.perf_counter() - start
    model = model if isinstance(model, keras.Model) else None
    sources = {
        rows: Sources(
            table,
            model,
            dataset,
            sample,
            rows == "all",
            seed,
            functools.partial(progress, "aggregate posterior"),
        )
        for rows in ("sample", "all")
    }
    measured = _measure(names, required, sources, resamples, progress)
    progress("all", len(names), len(names))
    return {
        "dataset": repr(dataset),
        "weights": encoding.fingerprint(model) if model else None,
        "images": len(indices),
        "sample": sample,
        "resamples": resamples,
        "seed": seed,
        "symmetric": symmetric,
        "factors": table.factor_names,
        "constant_factors": table.constant_factors,
        "encoding_seconds": seconds,
        "metrics": measured,
    }


def _measure(names, required, sources, resamples, progress) -> dict[str, Any]:
    measured = {}
    for number, name in enumerate(names):
        progress(name, number, len(names))
        metric = METRICS[name]
        try:
            measured[name] = measuring.measure(
                metric,
                sources[metric.rows],
                resamples,
                functools.partial(progress, name),
            )
        except ValueError as error:
            if required:
                raise ValueError(f"Metric {name}: {error}") from error
            measured[name] = {"skipped": str(error)}
    return measured


def chosen(metrics: str | list[str]) -> tuple[list[str], bool]:
    """The names of metrics, and whether each must be measurable.

    Args:
        metrics: as in `evaluate`.

    Raises:
        ValueError: on an unknown metric.
    """
    if metrics == "all":
        return METRICS.names(), False
    if metrics == "fast":
        return [n for n in METRICS.names() if METRICS[n].fast], False
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    return [METRICS[name].name for name in names], True


def _check_sizes(**arguments: tuple[int, int]) -> None:
    for name, (value, low) in arguments.items():
        if value < low:
            raise ValueError(
                f"Argument `{name}` must be >= {low}. Received: {name}={value}"
            )


def _table(model, dataset, indices, sample, symmetric, progress) -> Table:
    truth = _truth(dataset, indices, sample, symmetric)
    if not isinstance(model, keras.Model):
        return Table(_codes(model, dataset)[indices], None, indices, *truth)
    codes, log_vars = encoding.encode(
        model, dataset, indices, functools.partial(progress, "encoding")
    )
    return Table(codes, log_vars, indices, *truth)


def _truth(dataset, indices, sample, symmetric):
    """The factors that vary in both parts; their names; those of the rest."""
    if dataset.factor_names is None and not symmetric:
        return None, [], []
    of = dataset.symmetric_factors if symmetric else dataset.factors
    factors = of(indices)
    train, test = split(len(factors), sample)
    varied = np.ptp(factors[train], axis=0) > 0
    varied &= np.ptp(factors[test], axis=0) > 0
    names = np.array(dataset.factor_names)
    return factors[:, varied], names[varied].tolist(), names[~varied].tolist()


def _codes(codes, dataset) -> np.ndarray:
    codes = np.asarray(codes)
    if codes.ndim != 2 or len(codes) != dataset.size:
        raise ValueError(
            f"Codes must be those of all {dataset.size:,} images, [N, D]. "
            f"Received: shape {codes.shape}"
        )
    return codes
