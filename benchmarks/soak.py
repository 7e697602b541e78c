"""Kill runs at random moments, resume them, and compare every bit.

One run is left alone. Each of the others gets SIGKILL at a moment that is
uniform over the time that the first took from `params.json` to its end, and is
resumed until it ends. Weights, optimizer, measurements and history must be
those of the first, bit for bit. The program is `tests/training_process.py`:
`train.py` that logs every 5 and saves every 10 steps, and writes an empty page
for a report.

Run: python benchmarks/soak.py [--runs 20] [--kills 1] [options of train.py]
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from tests import training_runs
from tfvae.training.runs import Run

STEPS = 150
SMALL = ["--batch-size", "8", "--final-learning-rate", "1e-4"]


def start(directory: Path, options: list[str]) -> subprocess.Popen:
    """The run in a directory: from its beginning, or what is left of it."""
    resume = ["--resume"] if Run(directory).params_file.exists() else []
    return training_runs.start(
        "tests/training_process.py",
        *SMALL,
        *("--steps", STEPS, "--run-dir", directory),
        *options,
        *resume,
    )


def wait_until_open(process: subprocess.Popen, directory: Path) -> None:
    """Return when `params.json` is there, or the process has ended."""
    while not Run(directory).params_file.exists() and process.poll() is None:
        time.sleep(0.01)


def seconds_of(directory: Path, options: list[str]) -> float:
    """From the moment the run is open to its end."""
    process = start(directory, options)
    wait_until_open(process, directory)
    begin = time.monotonic()
    training_runs.finish(process)
    return time.monotonic() - begin


def kill(directory: Path, options: list[str], seconds: float) -> str:
    """SIGKILL so long after the run is open; what it had reached."""
    process = start(directory, options)
    wait_until_open(process, directory)
    time.sleep(seconds)
    process.kill()
    _, err = process.communicate()
    if process.returncode != -signal.SIGKILL:
        assert process.returncode == 0, err
        return f"had ended before {seconds:.1f} s"
    step = training_runs.newest_step(directory)
    return f"killed after {seconds:.1f} s, last checkpoint {step}"


def difference(directory: Path, unbroken: Path) -> str:
    """What is not the same; "" if nothing."""
    try:
        training_runs.assert_same_end(directory, unbroken, STEPS)
        training_runs.assert_same_history(directory, unbroken)
    except AssertionError as error:
        return f"DIFFERENT: {error}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kills", type=int, default=1, help="of each run")
    parser.add_argument("--seed", type=int, default=0)
    given, options = parser.parse_known_args()
    rng, equal, killed = np.random.default_rng(given.seed), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        unbroken = Path(scratch, "unbroken")
        seconds = seconds_of(unbroken, options)
        print(f"unbroken: {STEPS} steps, {seconds:.1f} s", flush=True)
        for number in range(1, given.runs + 1):
            directory = Path(scratch, f"run-{number}")
            told = [
                kill(directory, options, moment)
                for moment in rng.uniform(0, seconds, given.kills)
            ]
            training_runs.finish(start(directory, options))
            found = difference(directory, unbroken)
            equal += not found
            killed += sum(what.startswith("killed") for what in told)
            print(f"run {number}: {'; '.join(told)}; {found or 'equal'}")
            sys.stdout.flush()
    print(f"{equal} of {given.runs} runs equal after {killed} kills")
    sys.exit(equal < given.runs)


if __name__ == "__main__":
    main()
