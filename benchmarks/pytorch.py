"""A training step and `fit` over the same model in plain PyTorch.

One beta-VAE on dSprites, with the network of Burgess et al. (2018), Adam and a
Bernoulli likelihood, in turns:

    step           tfvae's bare compiled step on one batch in memory
    fit            as train.py calls it, with its pipeline and all its callbacks
    PyTorch        the loop of `pytorch_peer.py`, in a process of its own that
                   waits between its turns; in two memory formats, and with
                   batches sliced from a tensor or from a DataLoader

`fit` is one call, paused for the turns of the others. TensorFlow has its
default threads, PyTorch its default and one thread. PyTorch's OpenMP threads
wait passively: where other programs want the cores, waiting actively costs it
nine tenths of its speed. Prints images/s over all turns, and the ratios of each
turn to the fastest kind of PyTorch; and the same of CPU seconds, which other
programs change less, for all but the DataLoader, whose processes are not in it.

Needs PyTorch: pip install torch (https://pytorch.org has it without CUDA).

Run: python benchmarks/pytorch.py [--turns 13] [--steps 200] [--peer-steps 20]
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import tfvae

import keras  # isort: skip
import tensorflow as tf  # isort: skip
from callbacks import now  # isort: skip
from callbacks import own  # isort: skip

PEER = Path(__file__).with_name("pytorch_peer.py")
PEER_IMAGES = 100_000  # 410 MB, beyond any cache
KINDS = [
    ("contiguous", "sliced", "all"),
    ("channels_last", "sliced", "all"),
    ("contiguous", "sliced", "one"),
    ("contiguous", "DataLoader", "all"),
]


class Peer:
    """PyTorch in another process.

    Args:
        images: uint8, `[N, 64, 64]`.
        batch_size: images a step.
        directory: for a file of the images.
    """

    def __init__(self, images: np.ndarray, batch_size: int, directory: Path):
        file = directory / "images.npy"
        np.save(file, images)
        self.batch_size = batch_size
        self.process = subprocess.Popen(
            [sys.executable, PEER, file, str(batch_size)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"OMP_WAIT_POLICY": "PASSIVE", **os.environ},
            text=True,
        )
        self.parameters = int(self.process.stdout.readline())

    def turn(self, kind: tuple[str, str, str], steps: int) -> np.ndarray:
        """Images per second and per CPU second of a kind, `[2]`."""
        print(*kind, steps, file=self.process.stdin, flush=True)
        taken = self.process.stdout.readline().split()
        return steps * self.batch_size / np.array(taken, float)

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


class Turns(keras.callbacks.Callback):
    """Lets the others run after every so many steps of `fit`.

    Comes last, so that the time of the other callbacks is in that of `fit`.

    Args:
        steps: of `fit` in each turn.
        batch_size: images a step.
        others: name -> a function that takes its turn, and gives images per
            second and per CPU second.
    """

    def __init__(self, steps: int, batch_size: int, others: dict):
        super().__init__()
        self.steps, self.batch_size = steps, batch_size
        self.others = others
        self.speeds: dict[str, list] = {"fit": []}
        self.speeds |= {name: [] for name in others}

    def on_train_batch_end(self, batch, logs=None):
        step = batch + 1
        if step == 1:  # it compiled
            self.start, self.from_step = now(), 1
        elif step % self.steps == 0:
            images = (step - self.from_step) * self.batch_size
            self.speeds["fit"].append(images / (now() - self.start))
            for name, turn in self.others.items():
                self.speeds[name].append(turn())
            self.start, self.from_step = now(), step


def new_model(dataset) -> tfvae.VAE:
    """What PyTorch has too."""
    model = tfvae.VAE(dataset.image_shape, objective="H")
    model.compile(optimizer="adam")
    return model


def bare_turn(dataset, batch_size: int, steps: int):
    """A turn of the bare step."""
    model = new_model(dataset)
    [images] = dataset.batches(batch_size, seed=0).take(1)
    step = tf.function(model.train_step)

    def turn() -> np.ndarray:
        start = now()
        for _ in range(steps):
            step(images)
        return steps * batch_size / (now() - start)

    return turn


def measure(dataset, arguments, directory: Path) -> dict[str, np.ndarray]:
    """Images per second and CPU second, by who took the turns: `[turns, 2]`."""
    batch_size, steps = arguments.batch_size, arguments.peer_steps
    model = new_model(dataset)
    indices = np.random.default_rng(0).choice(
        dataset.size, PEER_IMAGES, replace=False
    )
    images = dataset.images(indices)[..., 0]
    peer = Peer(images, batch_size, directory)
    assert peer.parameters == model.count_params()
    others = {"step": bare_turn(dataset, batch_size, steps)}
    for kind in KINDS:
        others["PyTorch, " + ", ".join(kind)] = lambda kind=kind: peer.turn(
            kind, steps
        )
    for warm_up in others.values():
        warm_up()
    turns = Turns(arguments.steps, batch_size, others)
    all_steps = arguments.turns * arguments.steps
    callbacks = own(dataset, batch_size, all_steps, directory).values()
    model.fit(
        dataset.batches(batch_size, seed=0),
        steps_per_epoch=all_steps,
        callbacks=[*callbacks, turns],
        shuffle=False,
        verbose=0,
    )
    peer.close()
    return {name: np.array(rows) for name, rows in turns.speeds.items()}


def report(speeds: dict[str, np.ndarray], what: str) -> None:
    """Print the speeds `[turns]`, and the ratios to the fastest PyTorch."""
    overall = {k: statistics.harmonic_mean(v) for k, v in speeds.items()}
    for name, speed in overall.items():
        print(f"{name}: {speed:,.0f} images/{what}")
    peers = [name for name in speeds if name.startswith("PyTorch")]
    best = max(peers, key=overall.get)
    for name in ("step", "fit"):
        ratios = speeds[name] / speeds[best]
        print(
            f"{name} / {best}: {np.median(ratios):.2f} "
            f"({ratios.min():.2f} to {ratios.max():.2f}), "
            f"over all turns {overall[name] / overall[best]:.2f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--turns", type=int, default=13)
    parser.add_argument("--steps", type=int, default=200, help="of fit, a turn")
    parser.add_argument("--peer-steps", type=int, default=20, help="a turn")
    arguments = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        parser.error("PyTorch is not installed: pip install torch")
    dataset = tfvae.data.load("dsprites")
    with tempfile.TemporaryDirectory() as directory:
        speeds = measure(dataset, arguments, Path(directory))
    loaded = {k: v[:, 0] for k, v in speeds.items() if "sliced" not in k}
    sliced = {k: v for k, v in speeds.items() if "DataLoader" not in k}
    report({k: v[:, 0] for k, v in sliced.items()}, "s")
    report({k: v[:, 1] for k, v in sliced.items()}, "CPU s")
    report(loaded, "s")


if __name__ == "__main__":
    main()
