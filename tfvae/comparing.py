"""What comparisons of runs are drawn from."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tfvae import evaluation
from tfvae.metrics import encoding
from tfvae.training.runs import Run
from tfvae.training.runs import check_images
from tfvae.training.runs import load_data
from tfvae.training.runs import load_run


class RunViews:
    """Arrays of R runs by the names of the arguments that comparisons have.

    Args:
        directories: of the runs; all on the same data set.

    Raises:
        ValueError: if a directory is given twice, holds no run that can be
            loaded, or one on other data than the first.
    """

    SHOWN = 8  # images

    def __init__(self, directories: list[Path]):
        self._runs = [Run(directory) for directory in directories]
        _check_different(self._runs)
        loaded = [load_run(run.directory) for run in self._runs]
        self._models = [model for model, _ in loaded]
        self.params = [params for _, params in loaded]
        _check_same_data(self._runs, self.params)
        first = self.params[0]
        self._dataset = load_data(first)
        for params in self.params:
            check_images(self._dataset, params)

    @cached_property
    def run_names(self) -> list[str]:
        """The names of the directories, R texts; the way from where they part
        if names repeat."""
        paths = [run.directory.resolve() for run in self._runs]
        if len({path.name for path in paths}) == len(paths):
            return [path.name for path in paths]
        common = os.path.commonpath(paths)
        return [str(path.relative_to(common)) for path in paths]

    @property
    def objectives(self) -> list[str]:
        """The name of each run's objective, R texts."""
        return [params["objective"]["name"] for params in self.params]

    @property
    def seeds(self) -> list[int]:
        """The seed of each run, R."""
        return [params["seed"] for params in self.params]

    @cached_property
    def images(self) -> np.ndarray:
        """Images of the data set, `[N, H, W, C]` in [0, 1]."""
        order = np.random.default_rng(0).permutation(self._dataset.size)
        images = self._dataset.images(order[: self.SHOWN])
        return self._dataset.floats(images)

    @cached_property
    def run_reconstructed(self) -> np.ndarray:
        """The same images through each model, `[R, N, H, W, C]`."""
        return np.stack(
            [model.reconstruct(self.images).numpy() for model in self._models]
        )

    @cached_property
    def measured(self) -> list[dict[str, Any]]:
        """What `tfvae.evaluation.measure` says of each run, R dicts.

        A finished run has it in its `metrics.json`.
        """
        known = [run.metrics() for run in self._runs]
        return [
            numbers
            if "kl" in numbers
            else evaluation.measure(model, self._dataset)
            for numbers, model in zip(known, self._models, strict=True)
        ]

    @cached_property
    def evaluations(self) -> list[dict[str, Any]]:
        """What `python -m tfvae evaluate` found of these very weights, R
        dicts; {} where it did not."""
        return [
            run.evaluation_of(encoding.fingerprint(model))
            for run, model in zip(self._runs, self._models, strict=True)
        ]

    @property
    def finished(self) -> list[bool]:
        """Whether each run reached its last step, R."""
        return [run.model_file.exists() for run in self._runs]

    @cached_property
    def rates(self) -> np.ndarray:
        """Mean KL of each run, `[R]`, nats per image."""
        return np.array([measured["kl"] for measured in self.measured])

    @cached_property
    def distortions(self) -> np.ndarray:
        """Mean -log p(x|z) of each run, `[R]`, nats per image.

        Raises:
            ValueError: if the runs have different likelihoods, whose nats do
                not compare.
        """
        for key in ("likelihood", "likelihood_options"):
            if any(
                own.get(key) != self.params[0].get(key) for own in self.params
            ):
                raise ValueError(f"The runs have different {key}.")
        return np.array([measured["nll"] for measured in self.measured])

    @cached_property
    def elbos(self) -> np.ndarray:
        """Mean ELBO of each run, `[R]`, nats per image."""
        return -self.rates - self.distortions

    @cached_property
    def migs(self) -> np.ndarray:
        """MIG of each run, `[R]`: binned, 20 bins, posterior means."""
        if any("mig" not in measured for measured in self.measured):
            raise ValueError(
                "A run has no MIG: it takes ground truth and two latents."
            )
        return np.array([measured["mig"] for measured in self.measured])

    @cached_property
    def histories(self) -> list[Mapping[str, np.ndarray]]:
        """The history of each run, R dicts of columns by name.

        Raises:
            ValueError: if a run has none.
        """
        histories = [run.history() for run in self._runs]
        for run, history in zip(self._runs, histories, strict=True):
            if not history:
                raise ValueError(f"{run.directory} has no history.")
        return histories


def _check_different(runs: list[Run]) -> None:
    paths = [run.directory.resolve() for run in runs]
    for path in paths:
        if paths.count(path) > 1:
            raise ValueError(
                f"Each run is compared once. Received twice: {path}"
            )


def _check_same_data(runs: list[Run], params: list[dict[str, Any]]) -> None:
    for run, own in zip(runs, params, strict=True):
        for key in ("dataset", "data_options"):
            if own.get(key) != params[0].get(key):
                raise ValueError(
                    f"Runs must have the same {key} to be compared. Received: "
                    f"{runs[0].directory} with {params[0].get(key)!r}, "
                    f"{run.directory} with {own.get(key)!r}"
                )
