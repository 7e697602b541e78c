"""What data costs.

dSprites: drawing it, its first batch, and a stream of batches. A folder of
JPEGs of 64x64: decoding it, and a stream of batches over the bare training
step on them, in turns in one process. Streams of the other drawn data sets.
Peak memory of a process that decodes and streams an epoch of a folder, and of
one ten times as large.

Run: python benchmarks/data.py [--rounds 3] [--batch-size 64] [--files 10000]
"""

import argparse
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae import data
from tfvae.data import dsprites

import tensorflow as tf  # isort: skip
from train_step import bare_images_per_second  # isort: skip

STEPS = 500
TRAINING_STEPS = 30
SIDE = 64
COPIES = 10  # of each file in the larger folder


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


def make_folder(directory: Path, files: int) -> None:
    """Photograph-like JPEGs: coarse noise, enlarged."""
    directory.mkdir()
    rng = np.random.default_rng(0)
    for number in range(files):
        coarse = rng.integers(0, 256, [8, 8, 3], np.uint8)
        picture = Image.fromarray(coarse).resize((SIDE, SIDE))
        picture.save(directory / f"{number:06}.jpg", quality=90)


def make_larger_folder(directory: Path, folder: Path) -> None:
    """Every file `COPIES` times, without room for any."""
    for copy in range(COPIES):
        (directory / str(copy)).mkdir(parents=True)
        for file in folder.iterdir():
            os.link(file, directory / str(copy) / file.name)


def compiled_step(dataset, batch_size: int) -> tuple[Callable, tf.Tensor]:
    """The bare training step on a data set, and a batch in memory."""
    model = tfvae.VAE(dataset.image_shape, objective="B")
    model.compile(optimizer="adam")
    [images] = dataset.batches(batch_size, seed=0).take(1)
    step = tf.function(model.train_step)
    step(images)
    return step, images


def stream_an_epoch(directory: str, batch_size: int, results) -> None:
    """Puts (images, peak memory in bytes) of this process."""
    dataset = data.load("folder", dir=directory, image_size=SIDE)
    steps = dataset.size // batch_size
    for _ in dataset.batches(batch_size, seed=0).take(steps):
        pass
    status = Path("/proc/self/status").read_text()
    # ru_maxrss would be that of the parent, if it was larger when it forked
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", status).group(1)
    results.put((dataset.size, int(kilobytes) * 1024))


def peak_memory(directory: Path, batch_size: int) -> tuple[int, int]:
    """What `stream_an_epoch` gives in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(
        target=stream_an_epoch, args=(str(directory), batch_size, results)
    )
    process.start()
    found = results.get()
    process.join()
    return found


def measure_sprites(rounds: range, batch_size: int) -> None:
    """Measure and print what dSprites costs."""
    render = [cpu_seconds_to_render() for _ in rounds]
    dataset = data.load("dsprites")
    held = dataset.stored.nbytes
    first = [seconds_to_first_batch(dataset, batch_size, r) for r in rounds]
    stream = [images_per_second(dataset, batch_size) for _ in rounds]
    print(
        f"dsprites drawn in {statistics.median(render):.2f} CPU seconds, "
        f"{held / 1e6:.0f} MB; first batch of {batch_size} after "
        f"{statistics.median(first):.2f} s; "
        f"{statistics.median(stream):,.0f} images/s"
    )


def measure_drawn(rounds: range, batch_size: int) -> None:
    """Measure and print the streams of what is drawn batch by batch."""
    for name in ("color_dsprites", "noisy_dsprites", "xysquares"):
        dataset = data.load(name)
        stream = [images_per_second(dataset, batch_size) for _ in rounds]
        print(f"{name}: {statistics.median(stream):,.0f} images/s")


def measure_folder(directory: Path, rounds: range, batch_size: int) -> None:
    """Measure and print a folder's stream and the step it feeds."""
    start = time.perf_counter()
    dataset = data.load("folder", dir=str(directory), image_size=SIDE)
    decoding = dataset.size / (time.perf_counter() - start)
    step, images = compiled_step(dataset, batch_size)
    turns = [
        (
            images_per_second(dataset, batch_size),
            bare_images_per_second(step, images, TRAINING_STEPS),
        )
        for _ in rounds
    ]
    streams, steps = zip(*turns, strict=True)
    ratio = statistics.median(stream / step for stream, step in turns)
    print(
        f"folder of {dataset.size:,} JPEGs: decoded at {decoding:,.0f} files/s "
        f"once; then {statistics.median(streams):,.0f} images/s, "
        f"{ratio:.1f} times the training step's {statistics.median(steps):,.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()
    rounds, batch_size = range(arguments.rounds), arguments.batch_size
    measure_sprites(rounds, batch_size)
    measure_drawn(rounds, batch_size)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["TFVAE_CACHE"] = f"{temporary}/cache"
        folder, larger = Path(temporary, "folder"), Path(temporary, "larger")
        make_folder(folder, arguments.files)
        make_larger_folder(larger, folder)
        measure_folder(folder, rounds, batch_size)
        (small, low), (large, high) = (
            peak_memory(directory, batch_size) for directory in (folder, larger)
        )
    print(
        f"peak memory: {low / 1e6:.0f} MB with {small:,} images, "
        f"{high / 1e6:.0f} MB with {large:,}: {high / low:.3f} times"
    )


if __name__ == "__main__":
    main()
