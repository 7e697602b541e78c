"""What dSprites costs: drawing it, its first batch, and a stream of batches.

Run: python benchmarks/data.py [--rounds 3] [--batch-size 64]
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tfvae import data
from tfvae.data import dsprites

STEPS = 500


def cpu_seconds_to_render() -> float:
    """Of this process, over all its threads."""
    start = time.process_time()
    dsprites.render_all()
    return time.process_time() - start


def seconds_to_first_batch(dataset, batch_size: int, seed: int) -> float:
    """From `batches` to a batch in hand, the permutation included."""
    start = time.perf_counter()
    next(iter(dataset.batches(batch_size, seed)))
    return time.perf_counter() - start


def images_per_second(dataset, batch_size: int) -> float:
    """Of the pipeline alone, unpacked to float32."""
    batches = iter(dataset.batches(batch_size, seed=0))
    next(batches)
    start = time.perf_counter()
    for _ in range(STEPS):
        next(batches)
    return STEPS * batch_size / (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64)
    arguments = parser.parse_args()
    rounds, batch_size = range(arguments.rounds), arguments.batch_size
    render = [cpu_seconds_to_render() for _ in rounds]
    dataset = data.load("dsprites")
    held = dataset.stored.nbytes
    first = [seconds_to_first_batch(dataset, batch_size, r) for r in rounds]
    stream = [images_per_second(dataset, batch_size) for _ in rounds]
    print(
        f"drawn in {statistics.median(render):.2f} CPU seconds, "
        f"{held / 1e6:.0f} MB; first batch of {batch_size} after "
        f"{statistics.median(first):.2f} s; "
        f"{statistics.median(stream):,.0f} images/s"
    )


if __name__ == "__main__":
    main()
