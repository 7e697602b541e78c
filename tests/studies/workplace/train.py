"""What a sweep needs of `train.py`, without training."""

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

SAVED = 130  # exit status
stopped = False


def stop(number, frame):
    global stopped
    stopped = True


def trace(line: str) -> None:
    """One for all runs, in the order of what happens."""
    with open("trace", "a") as file:
        file.write(f"{line} {os.getpid()}\n")


def step_of(history: Path) -> int:
    return int(history.read_text().splitlines()[-1].split(",")[0])


def write(path: Path, **content) -> None:
    path.with_suffix(".new").write_text(json.dumps(content))
    path.with_suffix(".new").replace(path)


def train(directory: Path, given: dict[str, str]) -> int:
    seed, steps = int(given["seed"]), int(given["steps"])
    history, start = directory / "history.csv", 0
    if "resume" in given:
        start = step_of(history)
    else:
        directory.mkdir(parents=True)
        history.write_text("step,loss\n0,1.0\n")
        command = shlex.join(["python", *sys.argv])
        write(
            directory / "params.json",
            objective={"name": "H", "beta": 2.0 + seed},
            dataset="fake",
            steps=steps,
            seed=seed,
            command=command,
        )
    trace(f"begins {seed} {start}")
    for step in range(start, steps):
        time.sleep(float(given.get("pace", 0)))
        with open(history, "a") as file:
            file.write(f"{step + 1},1.0\n")
        if stopped:
            trace(f"saves {seed} {step + 1}")
            return SAVED
    if "fails" in given:
        trace(f"fails {seed} {steps}")
        print("no number at all")
        return 2
    write(directory / "metrics.json", nll=10.0 + seed, kl=1.5, active=[0, 2])
    (directory / "model.keras").write_text("")
    trace(f"ends {seed} {steps}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    words = [word.removeprefix("--").partition("=") for word in sys.argv[1:]]
    options = {name: value for name, _, value in words}
    sys.exit(train(Path(options["run-dir"]), options))
