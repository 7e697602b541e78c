"""One of several hosts that train every objective: `host_process.py OUT`.

OUT is an npz with the losses and the weights of each.
"""

import sys

import keras
import numpy as np

import tfvae
from tests.one_layer import OneLayer
from tfvae import objectives
from tfvae.training import hosts
from tfvae.training import strategy

BATCH, STEPS, EPOCHS = 8, 3, 2


def images() -> np.ndarray:
    """The same everywhere."""
    rng = np.random.default_rng(0)
    return 255 * rng.integers(0, 2, [30, 32, 32, 1], np.uint8)


def trained(objective: str, devices) -> list[np.ndarray]:
    """The terms of each epoch, those of `take_recent`, and the weights."""
    keras.utils.set_random_seed(0)
    dataset = tfvae.data.from_arrays(images())
    with devices.scope():
        model = tfvae.VAE(
            (32, 32, 1),
            latent_dim=4,
            network=OneLayer(),
            objective=objectives.get(objective).for_dataset(dataset.size),
        )
        model.compile(keras.optimizers.Adam(1e-3))
    model.take_recent(dataset)
    logs = model.fit(
        hosts.batches(devices, dataset, BATCH, seed=0, start_step=0),
        epochs=EPOCHS,
        steps_per_epoch=STEPS,
        shuffle=False,
        verbose=0,
    ).history
    recent = model.take_recent(dataset)
    return [
        np.squeeze([logs[term] for term in sorted(logs)]),
        np.array([recent[term] for term in sorted(recent)]),
        *model.get_weights(),
    ]


def train_all(devices) -> dict[str, list[np.ndarray]]:
    """What comes out of every objective."""
    return {name: trained(name, devices) for name in objectives.names()}


def write(results: dict[str, list[np.ndarray]], file: str) -> None:
    """Arrays of each objective, numbered: "H 0"."""
    np.savez(
        file,
        **{
            f"{name} {number}": array
            for name, arrays in results.items()
            for number, array in enumerate(arrays)
        },
    )


if __name__ == "__main__":
    strategy.make_deterministic(0)
    write(train_all(strategy.choose(hosts=True)), sys.argv[1])
