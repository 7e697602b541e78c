"""What reduced precision gives: speed over float32, and the loss it reaches.

The losses are compared over the last quarter of the steps: before, the two
runs part ways on the plateau of the mean image.

Run: python benchmarks/precision.py [--policy mixed_bfloat16] [--steps 4000]
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae.training import optimizers

import keras  # isort: skip

BATCH_SIZE = 256
CHUNK = 20  # steps between two turns


def compiled(dataset, policy: str, steps: int) -> tfvae.VAE:
    """A fresh model under a dtype policy."""
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(dataset.image_shape, objective="H", dtype=policy)
    learning_rate = optimizers.cosine(1e-3, 5e-5, steps)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate))
    return model


def train_chunk(model, dataset, start: int) -> tuple[float, float]:
    """Seconds for `CHUNK` steps from `start`, and the mean loss over them."""
    batches = dataset.batches(BATCH_SIZE, seed=0, start_step=start)
    images = list(batches.take(CHUNK))
    model.reset_metrics()
    began = time.perf_counter()
    for batch in images:
        logs = model.train_on_batch(batch, return_dict=True)
    return time.perf_counter() - began, float(logs["loss"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--policy", default="mixed_bfloat16")
    parser.add_argument("--steps", type=int, default=4000)
    arguments = parser.parse_args()
    flags = Path("/proc/cpuinfo")
    hardware = flags.exists() and "avx512_bf16" in flags.read_text()
    print(f"AVX512-BF16 on this CPU: {'yes' if hardware else 'no'}")
    dataset = tfvae.data.load("dsprites")
    policies = "float32", arguments.policy
    models = [compiled(dataset, name, arguments.steps) for name in policies]
    ratios, losses = [], []
    for start in range(0, arguments.steps, CHUNK):
        turns = [train_chunk(model, dataset, start) for model in models]
        (seconds, slow), (reduced_seconds, fast) = turns
        ratios.append(seconds / reduced_seconds)
        losses.append((slow, fast))
    ratios = ratios[1:]  # the first chunk compiles
    late = losses[-max(1, len(losses) // 4) :]
    full, reduced = (
        statistics.mean(column) for column in zip(*late, strict=True)
    )
    print(
        f"batch {BATCH_SIZE}: {arguments.policy} is "
        f"{statistics.median(ratios):.2f} times as fast as float32 "
        f"({min(ratios):.2f} to {max(ratios):.2f}); loss of the last quarter "
        f"{full:.2f} (float32), {reduced:.2f}: {reduced / full - 1:+.2%}"
    )


if __name__ == "__main__":
    main()
