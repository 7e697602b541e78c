"""What serving costs over the model: latency and throughput of `encode`.

Exports a model and loads the SavedModel beside it. The model's compiled call
and the signature take turns, so that the drift of a virtual machine's speed
hits both; ratios are of turns that follow one another. Then the export itself.

    p50, p99    milliseconds of a call with one image
    images/s    of batches

Run: python benchmarks/serving.py [--calls 1000] [--size 64]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import tfvae
from tfvae.serving import export_saved_model

import tensorflow as tf  # isort: skip

BATCHES = (32, 256)
IMAGES = 20_000  # of a throughput, in all
WARM = 20  # calls before the clock runs


def seconds(call: Callable[[], object]) -> float:
    """Of one call, its answer in memory."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def turns(
    model: Callable, served: Callable, images: tf.Tensor, calls: int
) -> np.ndarray:
    """Seconds of the model and of the SavedModel in turns, `[calls, 2]`."""
    pair = (
        lambda: [part.numpy() for part in model(images)],
        lambda: [part.numpy() for part in served(image=images).values()],
    )
    for _ in range(WARM):
        for call in pair:
            call()
    return np.array([[seconds(call) for call in pair] for _ in range(calls)])


def report_latency(taken: np.ndarray) -> None:
    """p50 and p99 of both, and the ratio of the medians."""
    median, slow = (1000 * np.quantile(taken, q, axis=0) for q in (0.5, 0.99))
    print(
        f"batch   1: p50 {median[1]:.2f} ms (model {median[0]:.2f}, ratio "
        f"{median[1] / median[0]:.2f}), p99 {slow[1]:.2f} ms "
        f"(model {slow[0]:.2f})"
    )


def report_throughput(batch: int, taken: np.ndarray) -> None:
    """Images a second of both, and the median ratio of turns."""
    speed = batch / np.median(taken, axis=0)
    ratio = np.median(taken[:, 0] / taken[:, 1])
    print(
        f"batch {batch:3}: {speed[1]:,.0f} images/s (model {speed[0]:,.0f}, "
        f"ratio {ratio:.2f})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--size", type=int, default=64)
    arguments = parser.parse_args()
    shape = (arguments.size, arguments.size, 1)
    model = tfvae.VAE(shape)
    with tempfile.TemporaryDirectory() as base:
        began = time.perf_counter()
        path = export_saved_model(model, base)
        print(f"export: {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        served = tf.saved_model.load(str(path)).signatures["encode"]
        print(f"loading it in Python: {time.perf_counter() - began:.1f} s")
    compiled = tf.function(model.encode)
    one = tf.random.stateless_uniform([1, *shape], [0, 0])
    report_latency(turns(compiled, served, one, arguments.calls))
    for batch in BATCHES:
        images = tf.random.stateless_uniform([batch, *shape], [0, 1])
        report_throughput(
            batch, turns(compiled, served, images, IMAGES // batch)
        )


if __name__ == "__main__":
    main()
