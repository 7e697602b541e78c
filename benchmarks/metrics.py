"""What measuring a model on dSprites costs.

Prints, for a model with random weights (the arithmetic is the same):

    encoding / encoder   images/s of encoding the data set for the metrics,
                         over those of the compiled encoder on one batch in
                         memory, in short turns
    each metric          seconds, with its interval, after the encoding
    all, fast            seconds of `tfvae.metrics.evaluate`, encoding included
    peak                 of the whole process, data set included

Run: python benchmarks/metrics.py [--rounds 5] [--fast-only]
"""

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae import metrics
from tfvae.metrics import encoding

import tensorflow as tf  # isort: skip

TURN = 20_480  # images


def encoder_images_per_second(model, dataset) -> float:
    """Of the compiled encoder on one batch that is in memory."""
    [images] = dataset.in_order(range(encoding.BATCH_SIZE), encoding.BATCH_SIZE)
    encoder = tf.function(model.encode)
    encoder(images)
    start = time.perf_counter()
    for _ in range(TURN // encoding.BATCH_SIZE):
        encoder(images)[0].numpy()
    return TURN / (time.perf_counter() - start)


def encoding_images_per_second(model, dataset) -> float:
    """Of images from the data set to codes in memory."""
    indices = range(0, dataset.size, dataset.size // TURN)[:TURN]
    start = time.perf_counter()
    encoding.encode(model, dataset, indices)
    return TURN / (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fast-only", action="store_true")
    arguments = parser.parse_args()
    dataset = tfvae.data.load("dsprites")
    model = tfvae.VAE(dataset.image_shape)
    ratios = []
    for _ in range(arguments.rounds):
        before = encoder_images_per_second(model, dataset)
        ours = encoding_images_per_second(model, dataset)
        after = encoder_images_per_second(model, dataset)
        ratios.append(ours / statistics.harmonic_mean([before, after]))
    print(
        f"encoding / encoder {statistics.median(ratios):.3f} "
        f"({min(ratios):.3f} to {max(ratios):.3f}); last {ours:,.0f} images/s"
    )
    for subset in ("fast",) if arguments.fast_only else ("fast", "all"):
        start = time.perf_counter()
        result = metrics.evaluate(model, dataset, subset)
        seconds = time.perf_counter() - start
        print(
            f"{subset}: {seconds:.1f} s, {result['encoding_seconds']:.1f} of "
            f"them to encode {result['images']:,} images"
        )
        for name, measured in result["metrics"].items():
            spent = measured.get("seconds")
            print(f"  {name}: {spent:.2f} s" if spent else f"  {name}: skipped")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak {peak:.2f} GB")


if __name__ == "__main__":
    main()
