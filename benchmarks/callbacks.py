"""What share of the training time callbacks take.

Trains as train.py does, with its callbacks at its intervals, and times every
call of each of them: training and callbacks take turns of their own accord, so
that the drift of a virtual machine's speed hits both. Callbacks that train.py
does not have come last. Prints medians over rounds:

    time   seconds in the callback over those of the whole `fit`
    CPU    the same of CPU seconds, which other programs of the machine do not
           change; a callback has one thread for most of them, training all
    call   seconds of the slowest call, and its CPU seconds; in the last line
           those of all, should they fall on one step

Run: python benchmarks/callbacks.py [--rounds 3] [--steps 2500]
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
from tfvae import callbacks
from tfvae.training.checkpoints import Checkpoints
from train import CHECKPOINT_EVERY
from train import FIGURES_EVERY
from train import LOG_EVERY

HOOKS = (
    "on_train_begin",
    "on_epoch_begin",
    "on_train_batch_end",
    "on_epoch_end",
    "on_train_end",
)


def now() -> np.ndarray:
    """Seconds, and CPU seconds of this process, `[2]`."""
    return np.array([time.perf_counter(), time.process_time()])


class Clock:
    """What the calls of one callback took.

    Args:
        callback: its hooks are timed from now on.
    """

    def __init__(self, callback):
        self.callback = callback
        self.calls: list[np.ndarray] = []
        for hook in HOOKS:
            setattr(callback, hook, self._timed(getattr(callback, hook)))

    def _timed(self, hook: Callable) -> Callable:
        def call(*args, **kwargs):
            start = now()
            hook(*args, **kwargs)
            self.calls.append(now() - start)

        return call


def own(dataset, batch_size: int, steps: int, directory: Path) -> dict:
    """Callbacks by what is printed of them."""
    events = directory / "events"
    return {
        "NaNGuard, every step": callbacks.NaNGuard(),
        "Progress, every step": callbacks.Progress(batch_size, steps),
        f"History, every {LOG_EVERY}": callbacks.History(
            directory / "history.csv", events, LOG_EVERY
        ),
        f"Checkpoint, every {CHECKPOINT_EVERY}": callbacks.Checkpoint(
            Checkpoints(directory / "checkpoints"), CHECKPOINT_EVERY
        ),
        f"FigureWriter, every {FIGURES_EVERY}": callbacks.FigureWriter(
            dataset, directory / "figures", every=FIGURES_EVERY, events=events
        ),
        "CollapseWarning, every 1000": callbacks.CollapseWarning(dataset),
    }


def further(dataset, steps: int, directory: Path) -> dict:
    """Those that a user may add."""
    return {
        f"LatentKL, an epoch of {steps}": callbacks.LatentKL(),
        f'Metrics "mig", every {steps}': callbacks.Metrics(
            dataset, "mig", steps, events=directory / "events"
        ),
        f'Metrics "fast", every {steps}': callbacks.Metrics(
            dataset, "fast", steps, events=directory / "events"
        ),
    }


def measure(model, dataset, batch_size: int, steps: int) -> dict:
    """Shares and the slowest call of each callback in one `fit`, `[2, 2]`."""
    with tempfile.TemporaryDirectory() as directory:
        first = own(dataset, batch_size, steps, Path(directory))
        last = further(dataset, steps, Path(directory))
        model.optimizer.iterations.assign(0)
        clocks = {k: Clock(c) for k, c in (first | last).items()}
        start = now()
        model.fit(
            dataset.batches(batch_size, seed=0),
            steps_per_epoch=steps,
            callbacks=[clock.callback for clock in clocks.values()],
            shuffle=False,
            verbose=0,
        )
        whole = now() - start
    taken = {name: sum(clock.calls) for name, clock in clocks.items()}
    whole -= sum(taken[name] for name in last)  # as if they were not there
    slowest = {name: np.max(clock.calls, 0) for name, clock in clocks.items()}
    result = {k: np.stack([taken[k] / whole, slowest[k]]) for k in clocks}
    return {**result, "all six of train.py": sum(result[k] for k in first)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=FIGURES_EVERY)
    arguments = parser.parse_args()
    dataset = tfvae.data.load("dsprites")
    model = tfvae.VAE(dataset.image_shape, objective="B")
    model.compile(optimizer="adam")
    sizes = arguments.batch_size, arguments.steps
    rounds = [measure(model, dataset, *sizes) for _ in range(arguments.rounds)]
    for name in rounds[0]:
        measured = np.array([round_[name] for round_ in rounds])
        (share, cpu), (call, cpu_call) = np.median(measured, axis=0)
        low, high = measured[:, 0, 0].min(), measured[:, 0, 0].max()
        print(
            f"{name:32} time {share:.2%} ({low:.2%} to {high:.2%}), "
            f"CPU {cpu:.2%}; call {call:.2f} s, CPU {cpu_call:.2f} s"
        )


if __name__ == "__main__":
    main()
