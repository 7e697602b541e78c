"""One run of a study: what is to be done, and how far it is."""

import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from tfvae.studies.log import Log
from tfvae.studies.stop import INTERRUPTED
from tfvae.studies.study import Study
from tfvae.studies.study import Value
from tfvae.studies.study import metric_names
from tfvae.training.runs import Run

TRAINING = "train.py"
EVALUATION = "evaluate"
STATES = ("waiting", "running", "finished", "failed")
STOPPED = {INTERRUPTED, -signal.SIGINT, -signal.SIGTERM}
OWN = ("--run-dir", "--resume")  # options that the sweep itself gives
TAIL = 16_384  # bytes of a history that surely hold its last row


class Job:
    """Train one run and measure it; what is done already is not done again.

    Args:
        name: of the run.
        options: of `train.py`.
        directory: of the study's runs.
        measured: what `python -m tfvae evaluate --metrics` takes.
    """

    def __init__(
        self,
        name: str,
        options: dict[str, Value],
        directory: Path,
        measured: str,
    ):
        self.name = name
        self.options = options
        self.measured = measured
        self.run = Run(directory / name)
        self.log = Log(directory / f"{name}.log")

    @property
    def arguments(self) -> list[str]:
        """The options as a command line has them, a word each."""
        return [
            f"--{name}" if value is True else f"--{name}={value}"
            for name, value in self.options.items()
            if value is not False
        ]

    def check(self) -> None:
        """Raise `ValueError` if another run is where this one belongs."""
        if not self.run.params_file.exists():
            return
        words = shlex.split(self.run.params().get("command", ""))
        given = {word for word in words if word.startswith("--")}
        given = {word for word in given if not word.startswith(OWN)}
        if given != {*self.arguments}:
            raise ValueError(
                f"{self.run.directory} is a run with other options; move it "
                "away, or give another directory with --to. "
                f"Received: {' '.join(self.arguments)} (the run has "
                f"{' '.join(sorted(given))})"
            )

    def left(self) -> Iterator[tuple[str, list[str]]]:
        """The commands that remain, and the name of each, one at a time: what
        comes next depends on what the one before has left."""
        directory = str(self.run.directory)
        if not self.trained:
            resume = ["--resume"] if self.run.params_file.exists() else []
            where = f"--run-dir={directory}"
            command = [sys.executable, TRAINING, *self.arguments, where]
            yield TRAINING, [*command, *resume]
        if not self.evaluated:
            command = [sys.executable, "-m", "tfvae", "evaluate", directory]
            yield EVALUATION, [*command, "--metrics", self.measured]

    @property
    def trained(self) -> bool:
        """Whether `train.py` has left a model and its numbers."""
        return self.run.model_file.exists() and "nll" in self.run.metrics()

    @property
    def evaluated(self) -> bool:
        """Whether everything is measured."""
        names = metric_names(self.measured)
        evaluation = self.run.metrics().get("evaluation", {})
        return {*names} <= evaluation.get("metrics", {}).keys()

    @property
    def state(self) -> str:
        """One of `STATES`, from nothing but the files of the run."""
        if self.log.busy:
            return "running"
        if self.trained and self.evaluated:
            return "finished"
        status = self.log.status
        return "waiting" if status is None or status in STOPPED else "failed"

    @property
    def progress(self) -> tuple[int, int]:
        """The last step in the history, and that of the end; 0 if unknown."""
        try:
            steps = self.run.params().get("steps", 0)
            with open(self.run.history_file, "rb") as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - TAIL))
                *_, last, _ = file.read().split(b"\n")
            return int(last.split(b",")[0]), steps
        except (OSError, ValueError):  # nothing is written yet
            return 0, 0


def jobs(study: Study, directory: Path) -> list[Job]:
    """Those of a study whose runs are, or will be, in `directory`."""
    return [
        Job(name, options, directory / "runs", study.metrics)
        for name, options in study.runs.items()
    ]
