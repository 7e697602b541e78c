"""What reduced precision gives: speed over float32, and the loss it reaches.

Run: python benchmarks/precision.py [--policy mixed_bfloat16] [--steps 300]
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae

import keras  # isort: skip

BATCH_SIZE = 256


def compiled(dataset, policy: str) -> tfvae.VAE:
    """A fresh model under a dtype policy."""
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(dataset.image_shape, objective="H", dtype=policy)
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    return model


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--policy", default="mixed_bfloat16")
    parser.add_argument("--steps", type=int, default=300)
    arguments = parser.parse_args()
    flags = Path("/proc/cpuinfo")
    hardware = flags.exists() and "avx512_bf16" in flags.read_text()
    print(f"AVX512-BF16 on this CPU: {'yes' if hardware else 'no'}")
    dataset = tfvae.data.load("dsprites")
    policies = "float32", arguments.policy
    models = {policy: compiled(dataset, policy) for policy in policies}
    chunk = 20
    ratios = []
    for start in range(0, arguments.steps, chunk):
        seconds = {}
        for policy, model in models.items():
            batches = dataset.batches(BATCH_SIZE, seed=0, start_step=start)
            images = list(batches.take(chunk))
            began = time.perf_counter()
            for batch in images:
                logs = model.train_on_batch(batch, return_dict=True)
            seconds[policy] = time.perf_counter() - began
            models[policy].last = float(logs["loss"])
        if start:  # the first chunk compiles
            ratios.append(seconds["float32"] / seconds[arguments.policy])
    losses = [models[policy].last for policy in policies]
    print(
        f"batch {BATCH_SIZE}: {arguments.policy} is "
        f"{statistics.median(ratios):.2f} times as fast as float32 "
        f"({min(ratios):.2f} to {max(ratios):.2f}); mean loss over the run "
        f"{losses[0]:.2f} (float32), {losses[1]:.2f}: "
        f"{losses[1] / losses[0] - 1:+.2%}"
    )


if __name__ == "__main__":
    main()
