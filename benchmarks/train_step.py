"""How much of the machine a training step uses, and how much of the step
`fit` keeps.

Prints, for each batch size, ratios measured in one process, in short turns
(bare, fit, bare: the speed of a virtual machine drifts within seconds):

    fit / step       images/s of `fit` with data, metrics and the callbacks of
                     a run, over those of the bare compiled step
    step / sgemm     FLOP/s of the bare step, counted from the layers, over
                     those of float32 matrix products

Run: python benchmarks/train_step.py [--batch-sizes 64 256] [--rounds 15]
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints

import keras  # isort: skip
import tensorflow as tf  # isort: skip


def layer_flops(layer: keras.layers.Layer) -> int:
    """Multiplications and additions of one layer's forward pass, an image."""
    if isinstance(layer, keras.layers.Dense):
        return 2 * layer.kernel.shape[0] * layer.kernel.shape[1]
    if isinstance(layer, keras.layers.Conv2DTranspose):
        height, width = layer.input.shape[1:3]
    elif isinstance(layer, keras.layers.Conv2D):
        height, width = layer.output.shape[1:3]
    else:
        return 0
    kernel = tf.size(layer.kernel).numpy()
    return int(2 * kernel * height * width)


def step_flops(model: tfvae.VAE) -> int:
    """Of one image's training step: forward, and twice that backward."""
    layers = [*model.encoder.layers, *model.decoder.layers]
    return 3 * sum(map(layer_flops, layers))


def sgemm_flops_per_second(size: int = 1024, repeats: int = 20) -> float:
    """Of float32 matrix products."""
    a = tf.random.normal([size, size])
    product = tf.function(lambda: tf.matmul(a, a))
    product()
    start = time.perf_counter()
    for _ in range(repeats):
        product()
    return repeats * 2 * size**3 / (time.perf_counter() - start)


def bare_images_per_second(step, images, steps: int) -> float:
    """Of the compiled step on one batch that is in memory."""
    step(images)
    start = time.perf_counter()
    for _ in range(steps):
        step(images)
    return steps * len(images) / (time.perf_counter() - start)


def fit_images_per_second(model, dataset, batch_size: int, steps: int) -> float:
    """Of `fit` as train.py calls it, from its first step on."""
    with tempfile.TemporaryDirectory() as directory:
        run = Path(directory)
        progress = callbacks.Progress(batch_size, steps + 1)
        model.fit(
            dataset.batches(batch_size, seed=0),
            steps_per_epoch=steps + 1,
            callbacks=[
                callbacks.NaNGuard(),
                callbacks.History(run / "history.csv", run / "events", 100),
                callbacks.Checkpoint(Checkpoints(run), 500),
                progress,
            ],
            shuffle=False,
            verbose=0,
        )
        return progress.images_per_second


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64, 256])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--images", type=int, default=6400, help="a turn")
    arguments = parser.parse_args()
    dataset = tfvae.data.load("dsprites")
    for batch_size in arguments.batch_sizes:
        model = tfvae.VAE(dataset.image_shape, objective="B")
        model.compile(optimizer="adam")
        images = next(iter(dataset.batches(batch_size, seed=0)))
        step = tf.function(model.train_step)
        step(images)
        steps = max(1, arguments.images // batch_size)
        fits, shares = [], []
        for _ in range(arguments.rounds):
            sgemm = sgemm_flops_per_second()
            before = bare_images_per_second(step, images, steps)
            fit = fit_images_per_second(model, dataset, batch_size, steps)
            after = bare_images_per_second(step, images, steps)
            bare = statistics.harmonic_mean([before, after])
            fits.append(fit / bare)
            shares.append(bare * step_flops(model) / sgemm)
        print(
            f"batch {batch_size}: fit / step {statistics.median(fits):.3f}"
            f" ({min(fits):.3f} to {max(fits):.3f}), step / sgemm "
            f"{statistics.median(shares):.3f} "
            f"({min(shares):.3f} to {max(shares):.3f}); last round "
            f"{fit:,.0f} images/s in fit, {bare:,.0f} bare, "
            f"sgemm {sgemm / 1e9:.0f} GFLOP/s, "
            f"{step_flops(model) / 1e6:.1f} MFLOP an image"
        )


if __name__ == "__main__":
    main()
