"""How the cost of a training step grows.

One axis at a time, the compiled steps of all its sizes in turns in one process:
batch size, latent size, side and channels of the images, and replicas at one
global batch size. Prints the median milliseconds of a step, and the exponent p
of size^p that fits them best (least squares of the logarithms).

Then what `TC` adds, the estimates of q(z) from all pairs of the batch and their
gradient: its share of the step, in turns with it, and the peak memory of a
process that computes it once, less what it had before.

Replicas are two logical devices of one CPU: they share its cores, so that what
is measured is the overhead of having two.

CPU seconds (`--clock cpu`) say what a step costs a CPU, whatever other programs
do with it; they say nothing of a GPU, nor how well the cores are used.

Run: python benchmarks/scaling.py [--rounds 9] [--clock wall]
"""

import argparse
import multiprocessing
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import tfvae
from tfvae import aggregate
from tfvae import objectives
from tfvae.variational import Forward
from tfvae.variational import posterior

import tensorflow as tf  # isort: skip

DATASET_SIZE = 737_280
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
TURN = 0.2  # seconds, or one step
BATCH_SIZES = (16, 32, 64, 128, 256, 512)
LATENT_DIMS = (5, 10, 20, 40, 80)
SIDES = (32, 64, 128, 256)
CHANNELS = (1, 2, 4, 8)
PAIR_BATCH_SIZES = (64, 256, 2048)


def compiled_step(
    batch_size: int = 64,
    side: int = 64,
    channels: int = 1,
    latent_dim: int = 10,
    objective: str = "B",
    devices: int = 1,
) -> Callable[[], None]:
    """The bare step on a batch in memory, which `devices` share."""
    strategy = tf.distribute.get_strategy()
    if devices > 1:
        names = [f"CPU:{number}" for number in range(devices)]
        strategy = tf.distribute.MirroredStrategy(names)
    shape = (side, side, channels)
    images = tf.random.stateless_uniform([batch_size, *shape], [0, 0])
    shares = tf.split(images, devices)
    with strategy.scope():
        model = tfvae.VAE(
            shape,
            latent_dim,
            objective=objectives.get(objective).for_dataset(
                DATASET_SIZE, batch_size
            ),
        )
        model.compile(optimizer="adam")
        model.optimizer.build(model.trainable_variables)
        inputs = strategy.experimental_distribute_values_from_function(
            lambda replica: shares[replica.replica_id_in_sync_group]
        )
    step = tf.function(lambda inputs: strategy.run(model.train_step, [inputs]))
    return lambda: step(inputs)


def compiled_pairs(batch_size: int, latent_dim: int = 10):
    """The estimates of q(z) that `TC` takes, and their gradient."""
    values = tf.random.stateless_normal([3, batch_size, latent_dim], [0, 0])

    @tf.function
    def gradient(z, mean, log_var):
        with tf.GradientTape() as tape:
            tape.watch((z, mean, log_var))
            forward = Forward(None, z, posterior(mean, log_var), None, None)
            estimates = aggregate.log_aggregate_posterior(
                forward, "MWS", DATASET_SIZE
            )
        return tape.gradient(estimates, (z, mean, log_var))

    return lambda: gradient(*tf.unstack(values))


@dataclass(frozen=True)
class Turns:
    """Runs several functions in turns.

    Attributes:
        rounds: turns of each.
        clock: gives seconds.
    """

    rounds: int
    clock: Callable[[], float]

    def __call__(self, runs: dict) -> dict:
        """Seconds of a run in every round, by the keys of `runs`."""
        for run in runs.values():
            run()  # it compiles
        times = {
            key: max(1, round(TURN / self._seconds(run, 1)))
            for key, run in runs.items()
        }
        taken = {key: [] for key in runs}
        for _ in range(self.rounds):
            for key, run in runs.items():
                taken[key].append(self._seconds(run, times[key]))
        return taken

    def _seconds(self, run: Callable, times: int) -> float:
        start = self.clock()
        for _ in range(times):
            run()
        return (self.clock() - start) / times


def exponent(sizes, values) -> float:
    """p of size^p.

    >>> round(exponent([1, 2, 4], [3, 12, 48]), 6)
    2.0
    """
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def measure_axis(name: str, sizes, turns: Turns, **fixed) -> None:
    """Measure and print an argument of `compiled_step`."""
    runs = {size: compiled_step(**{name: size}, **fixed) for size in sizes}
    taken = turns(runs)
    medians = [statistics.median(taken[size]) for size in sizes]
    steps = ", ".join(
        f"{1000 * median:,.1f} ({size})"
        for size, median in zip(sizes, medians, strict=True)
    )
    by_round = zip(*taken.values(), strict=True)
    powers = [exponent(sizes, values) for values in by_round]
    print(
        f"{name} {fixed or ''}: ms a step (size) {steps}; exponent "
        f"{exponent(sizes, medians):.2f} "
        f"({min(powers):.2f} to {max(powers):.2f}), of the last two sizes "
        f"{exponent(sizes[-2:], medians[-2:]):.2f}"
    )


def measure_replicas(batch_size: int, turns: Turns) -> None:
    """Measure and print two replicas over one."""
    runs = {n: compiled_step(batch_size, devices=n) for n in (1, 2)}
    one, two = turns(runs).values()
    ratios = [b / a for a, b in zip(one, two, strict=True)]
    print(
        f"two logical devices over one, batch {batch_size} in all: a step "
        f"takes {statistics.median(ratios):.2f} times as long "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


def peak() -> int:
    """Bytes, the most that this process had so far."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1))


def grow(batch_size: int) -> int:
    """Bytes that the pairs of a batch add to this process's peak."""
    compiled_pairs(8)()  # loads what TensorFlow needs anyway
    before = peak()
    compiled_pairs(batch_size)()
    return peak() - before


def memory(batch_size: int) -> int:
    """`grow` in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(grow, [batch_size])


def measure_pairs(turns: Turns) -> None:
    """Measure and print what `TC` adds."""
    medians = []
    for batch_size in PAIR_BATCH_SIZES:
        runs = {
            "pairs": compiled_pairs(batch_size),
            "step": compiled_step(batch_size, objective="TC"),
        }
        taken = turns(runs)
        shares = np.divide(taken["pairs"], taken["step"])
        medians.append(statistics.median(taken["pairs"]))
        print(
            f"pairs of TC, batch {batch_size}, 10 latents: "
            f"{1000 * medians[-1]:,.1f} ms, {np.median(shares):.1%} of the "
            f"step ({shares.min():.1%} to {shares.max():.1%}), "
            f"{memory(batch_size) / 2**20:,.0f} MiB"
        )
    print(f"exponent {exponent(PAIR_BATCH_SIZES, medians):.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    arguments = parser.parse_args()
    turns = Turns(arguments.rounds, CLOCKS[arguments.clock])
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
    measure_pairs(turns)
    measure_axis("batch_size", BATCH_SIZES, turns)
    measure_axis("latent_dim", LATENT_DIMS, turns)
    measure_axis("latent_dim", LATENT_DIMS, turns, objective="TC")
    measure_axis("side", SIDES, turns, batch_size=16)
    measure_axis("channels", CHANNELS, turns)
    for batch_size in (64, 256):
        measure_replicas(batch_size, turns)


if __name__ == "__main__":
    main()
