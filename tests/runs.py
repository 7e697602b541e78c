"""A small finished run, for whatever works on runs."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

import tfvae
from tfvae import callbacks
from tfvae import data
from tfvae import evaluation
from tfvae import objectives
from tfvae import registry
from tfvae.training.runs import Run

SHAPE = (32, 32, 1)


def bars() -> tuple[np.ndarray, np.ndarray]:
    """Images of a vertical bar in one of eight columns and a horizontal one in
    a row, and their factors; each image six times."""
    grid = np.stack(np.unravel_index(np.arange(64), (8, 8)), 1)
    factors = np.tile(grid, [6, 1])
    images = np.zeros([len(factors), *SHAPE], np.uint8)
    for image, (column, row) in zip(images, factors, strict=True):
        image[:, 4 * column : 4 * column + 4] = 255
        image[4 * row : 4 * row + 4] = 255
    return images, factors


CAPACITY = {
    "name": "B",
    "gamma": 10.0,
    "capacity": {"name": "Linear", "start": 1.0, "stop": 5.0, "steps": 10},
}


def finished_run(
    directory: Path,
    objective: str | dict[str, Any] = "VAE",
    seed: int = 0,
    steps: int = 10,
    latent_dim: int = 3,
    factors: bool = True,
    likelihood: str = "bernoulli",
) -> Path:
    """Train on `bars` for a few steps and leave what `train.py` leaves."""
    file = directory.parent / f"bars-{factors}.npz"
    if not file.exists():
        images, truth = bars()
        np.savez(file, images=images, **({"factors": truth} if factors else {}))
    options = {"path": str(file)}
    dataset = data.load("npz", **options)
    run = Run(directory)
    keras.utils.set_random_seed(seed)
    model = tfvae.VAE(
        SHAPE,
        latent_dim,
        likelihood=likelihood,
        objective=objectives.get(objective),
        seed=seed,
    )
    model.compile(keras.optimizers.Adam(2e-3))
    run.open(
        {
            "objective": registry.config(model.objective),
            "dataset": "npz",
            "data_options": options,
            "likelihood": likelihood,
            "seed": seed,
            "steps": steps,
            "command": "python train.py --dataset npz",
            "fingerprint": dataset.fingerprint,
        },
        resume=False,
    )
    model.fit(
        dataset.batches(16, seed),
        steps_per_epoch=steps,
        callbacks=[callbacks.History(run.history_file, every=2)],
        shuffle=False,
        verbose=0,
    )
    run.checkpoints.save(model, steps)
    run.save_model(model)
    run.save_metrics(evaluation.measure(model, dataset))
    return directory
