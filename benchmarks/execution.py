"""What XLA and several steps an execution give `fit`.

Fits of one batch in memory, in turns in one process, from the end of the first
execution on. XLA is not used where TensorFlow's operations are deterministic,
as in runs of train.py, and Keras uses it on GPUs alone; here it is asked for.

Run: python benchmarks/execution.py [--batch-size 64] [--rounds 9] [--steps 100]
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import tfvae
from tfvae import callbacks

import tensorflow as tf  # isort: skip

STEPS_PER_EXECUTION = 10
KINDS = {
    "as it is": {},
    "XLA": {"jit_compile": True},
    f"steps_per_execution={STEPS_PER_EXECUTION}": {
        "steps_per_execution": STEPS_PER_EXECUTION
    },
    "both": {
        "jit_compile": True,
        "steps_per_execution": STEPS_PER_EXECUTION,
    },
}


def images_per_second(model: tfvae.VAE, images, steps: int) -> float:
    """Of one `fit`."""
    model.optimizer.iterations.assign(0)
    progress = callbacks.Progress(len(images), steps)
    model.fit(
        tf.data.Dataset.from_tensors(images).repeat(),
        steps_per_epoch=steps,
        callbacks=[progress],
        shuffle=False,
        verbose=0,
    )
    return progress.images_per_second


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=100)
    arguments = parser.parse_args()
    dataset = tfvae.data.load("dsprites")
    [images] = dataset.batches(arguments.batch_size, seed=0).take(1)
    models = {}
    for name, options in KINDS.items():
        models[name] = tfvae.VAE(dataset.image_shape, objective="B")
        models[name].compile(optimizer="adam", **options)
        images_per_second(models[name], images, 2 * STEPS_PER_EXECUTION)
    speeds = np.array(
        [
            [
                images_per_second(model, images, arguments.steps)
                for model in models.values()
            ]
            for _ in range(arguments.rounds)
        ]
    )
    for name, ratios in zip(models, (speeds / speeds[:, :1]).T, strict=True):
        print(
            f"{name}: {np.median(ratios):.2f} times as fast "
            f"({ratios.min():.2f} to {ratios.max():.2f})"
        )


if __name__ == "__main__":
    main()
