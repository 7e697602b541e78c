"""What share of the training time callbacks take.

Trains as train.py does, with its callbacks at its intervals, and times every
call of each of them: training and callbacks take turns of their own accord, so
that the drift of a virtual machine's speed hits both. Callbacks that train.py
does not have come last. Prints medians over rounds:

    share     seconds in the callback over those of the whole `fit`
    slowest   seconds of its slowest call

Run: python benchmarks/callbacks.py [--rounds 3] [--steps 2000]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

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


class Clock:
    """The seconds that calls of one callback took.

    Args:
        callback: its hooks are timed from now on.
    """

    def __init__(self, callback):
        self.callback = callback
        self.seconds: list[float] = []
        for hook in HOOKS:
            setattr(callback, hook, self._timed(getattr(callback, hook)))

    def _timed(self, hook: Callable) -> Callable:
        def call(*args, **kwargs):
            start = time.perf_counter()
            hook(*args, **kwargs)
            self.seconds.append(time.perf_counter() - start)

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
        "CollapseWarning, every 500": callbacks.CollapseWarning(dataset),
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


def measure(model, dataset, batch_size: int, steps: int) -> dict[str, tuple]:
    """(share, seconds of the slowest call) of each callback in one `fit`."""
    with tempfile.TemporaryDirectory() as directory:
        first = own(dataset, batch_size, steps, Path(directory))
        last = further(dataset, steps, Path(directory))
        model.optimizer.iterations.assign(0)
        clocks = {k: Clock(c) for k, c in (first | last).items()}
        start = time.perf_counter()
        model.fit(
            dataset.batches(batch_size, seed=0),
            steps_per_epoch=steps,
            callbacks=[clock.callback for clock in clocks.values()],
            shuffle=False,
            verbose=0,
        )
        whole = time.perf_counter() - start
    taken = {name: sum(clock.seconds) for name, clock in clocks.items()}
    whole -= sum(taken[name] for name in last)  # as if they were not there
    shares = {name: taken[name] / whole for name in taken}
    result = {k: (shares[k], max(clocks[k].seconds)) for k in clocks}
    together = sum(shares[k] for k in first), sum(result[k][1] for k in first)
    return {**result, "all six of train.py": together}


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
        shares, calls = zip(*(round_[name] for round_ in rounds), strict=True)
        print(
            f"{name:32} share {statistics.median(shares):.2%} "
            f"({min(shares):.2%} to {max(shares):.2%}), "
            f"slowest {statistics.median(calls):.3f} s"
        )


if __name__ == "__main__":
    main()
