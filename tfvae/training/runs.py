"""The directory of a run."""

import csv
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from tfvae import data
from tfvae.data import Dataset
from tfvae.training.checkpoints import Checkpoints
from tfvae.training.checkpoints import load_model
from tfvae.training.files import read_json
from tfvae.training.files import replacing
from tfvae.training.files import save_figure
from tfvae.training.files import write_json
from tfvae.version import VERSION

# in `params.json`, but two runs that differ here alone are the same run
DESCRIPTIVE = {"versions", "source", "command"}


class Run:
    """Where everything of one run is.

    Args:
        directory: `params.json`, `checkpoints/`, `history.csv`, `events/`,
            `model.keras`, `metrics.json` and `figures/` are in it.
    """

    def __init__(self, directory: str | Path):
        self.directory = Path(directory)
        self.params_file = self.directory / "params.json"
        self.history_file = self.directory / "history.csv"
        self.events = self.directory / "events"
        self.model_file = self.directory / "model.keras"
        self.metrics_file = self.directory / "metrics.json"
        self.figures = self.directory / "figures"
        self.checkpoints = Checkpoints(self.directory / "checkpoints")

    def open(self, params: dict[str, Any], resume: bool) -> None:
        """Start a new run here, or check that the run here is this one.

        Args:
            params: JSON-ready parameters.
            resume: whether the run is expected to be here.

        Raises:
            ValueError: if the directory holds another run, or none to resume,
                or may not be written to.
        """
        if self.directory.exists() and not os.access(self.directory, os.W_OK):
            raise ValueError(
                f"The directory is read-only. Received: {self.directory}"
            )
        if resume:
            self._check_same(params)
        else:
            self._start(params)

    def _start(self, params: dict[str, Any]) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        content = {**params, "versions": versions()}
        try:
            if self.checkpoints.directory.exists():
                raise FileExistsError
            # of two that start here at once, one wins
            write_json(self.params_file, content, new=True)
        except FileExistsError:
            raise ValueError(
                "The directory holds a run already; give another, or "
                f"continue it with --resume. Received: {self.directory}"
            ) from None

    def _check_same(self, params: dict[str, Any]) -> None:
        stored = self.params()
        if stored.get("fingerprint") is None:  # as tfvae 0.1 left it of an npz
            params = {**params, "fingerprint": None}
        different = [
            f"{name}={params.get(name)!r} (the run has {stored.get(name)!r})"
            for name in sorted({*params, *stored} - DESCRIPTIVE)
            if params.get(name) != stored.get(name)
        ]
        if different:
            raise ValueError(
                f"{self.directory} is a run with other parameters. "
                f"Received: {', '.join(different)}"
            )

    def params(self) -> dict[str, Any]:
        """What `params.json` holds.

        Raises:
            ValueError: if there is no run in the directory, or the file is
                damaged.
        """
        try:
            return read_json(self.params_file)
        except (FileNotFoundError, NotADirectoryError):
            raise ValueError(
                "There is no run here (no params.json). "
                f"Received: {self.directory}"
            ) from None

    def save_model(self, model: keras.Model) -> None:
        """Write the finished model."""
        with replacing(self.model_file) as temporary:
            model.save(temporary)

    def metrics(self) -> dict[str, Any]:
        """What `metrics.json` holds; nothing if there is none.

        Raises:
            ValueError: if the file is damaged.
        """
        try:
            metrics = read_json(self.metrics_file)
        except FileNotFoundError:
            return {}
        evaluation = metrics.get("evaluation", {})
        if not _is_evaluation(evaluation):
            raise ValueError(
                "`evaluation` is not what `python -m tfvae evaluate` writes; "
                f"move the file away. Received: {self.metrics_file}"
            )
        return metrics

    def evaluation_of(self, weights: str) -> dict[str, Any]:
        """What `python -m tfvae evaluate` found; nothing if of other weights.

        Args:
            weights: their `tfvae.metrics.encoding.fingerprint`.
        """
        evaluation = self.metrics().get("evaluation", {})
        return evaluation if evaluation.get("weights") == weights else {}

    def save_metrics(self, measured: dict[str, Any]) -> None:
        """Write `metrics.json`, next to what an evaluation wrote there."""
        kept = self.metrics()
        evaluation = {k: kept[k] for k in ("evaluation",) if k in kept}
        write_json(self.metrics_file, {**measured, **evaluation})

    def history(self) -> dict[str, np.ndarray]:
        """The columns of `history.csv` by name; nothing if there is none.

        Raises:
            ValueError: if the file is damaged.
        """
        if not self.history_file.exists():
            return {}
        try:
            text = self.history_file.read_text(encoding="utf-8")
            # a kill may have left half a row at the end
            lines = text.split("\n")[:-1]
            header, *rows = csv.reader(lines, strict=True) if lines else [[]]
            columns = np.array(list(filter(None, rows)), np.float64).T
            return dict(zip(header, columns, strict=True)) if rows else {}
        except (csv.Error, ValueError) as error:
            raise ValueError(
                "The file is damaged; move it away. "
                f"Received: {self.history_file}: {error}"
            ) from error

    def save_figure(self, name: str, figure: Figure, kind: str = "png") -> Path:
        """Write a figure under `figures/`.

        Args:
            name: of the file.
            figure: what to write.
            kind: "png", "svg" or "pdf".

        Returns:
            The file.
        """
        path = self.figures / f"{name}.{kind}"
        save_figure(figure, path, kind, bbox_inches="tight")
        return path

    def save_film(self, name: str, film: bytes) -> Path:
        """Write an animated WebP under `figures/`; returns the file."""
        path = self.figures / f"{name}.webp"
        with replacing(path) as temporary:
            temporary.write_bytes(film)
        return path


def _is_evaluation(content: Any) -> bool:
    """Whether it is made of objects where `metrics.evaluate` has them."""
    if not isinstance(content, dict):
        return False
    metrics = content.get("metrics", {})
    return isinstance(metrics, dict) and all(
        isinstance(measured, dict) for measured in metrics.values()
    )


def default_directory(parent: Path, name: str, resume: bool) -> Path:
    """`parent/name`, numbered so that every run has a directory of its own.

    Args:
        parent: where runs are.
        name: of the run.
        resume: take the last that exists instead of the next that is free.
    """
    number = 1
    directory = parent / name
    while Run(directory).params_file.exists():
        number += 1
        last, directory = directory, parent / f"{name}-{number}"
    return last if resume and number > 1 else directory


def load_run(
    directory: str | Path, warn: Callable[[str], None] = print
) -> tuple[keras.Model, dict[str, Any]]:
    """The model of a run and its parameters.

    The finished model, or the newest checkpoint of an unfinished run.

    Args:
        directory: the run's directory.
        warn: told of damaged checkpoints that were passed over.

    Returns:
        (model, what `params.json` holds).

    Raises:
        ValueError: if there is no run, nothing saved in it yet, or what is
            saved is damaged or no model of known layers.
    """
    run = Run(directory)
    params = run.params()
    if run.model_file.exists():
        return load_model(run.model_file), params
    restored = run.checkpoints.restore(warn)
    if restored is None:
        raise ValueError(
            f"The run has no checkpoint yet. Received: {run.directory}"
        )
    return restored[0], params


def load_data(params: dict[str, Any]) -> Dataset:
    """The data set that a run was trained on.

    Args:
        params: what its `params.json` holds.

    Raises:
        ValueError: if it is not there any more, has other images, or the
            parameters do not say which it is.
    """
    name, given = params.get("dataset"), params.get("data_options")
    if not isinstance(name, str) or not isinstance(given, dict):
        raise ValueError(
            "params.json must say `dataset` and `data_options`. "
            f"Received: dataset={name!r}, data_options={given!r}"
        )
    dataset = data.load(name, **given)
    check_images(dataset, params)
    return dataset


def check_images(dataset: Dataset, params: dict[str, Any]) -> None:
    """Refuse other images than a run was trained on.

    Args:
        dataset: what stands now where the run's data were.
        params: what the run's `params.json` holds.

    Raises:
        ValueError: if their fingerprints differ.
    """
    known = params.get("fingerprint")
    if known not in (None, dataset.fingerprint):
        raise ValueError(
            "The images are not those that the run was trained on; put those "
            f"back. Received: {dataset!r} with "
            f"fingerprint={dataset.fingerprint!r}, the run has {known!r}"
        )


def versions() -> dict[str, str]:
    """Of what computes."""
    return {
        "tfvae": VERSION,
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
