"""A small model to try callbacks on, the same every time."""

import csv
import functools

import keras
import numpy as np
import tensorflow as tf

import tfvae

IMAGES = np.random.default_rng(0).integers(0, 2, [64, 32, 32, 1]) > 0
DATASET = tfvae.data.from_arrays(IMAGES)


@functools.cache
def compiled(steps_per_execution: int):
    """A model that keeps its traced step, and the values it began with."""
    keras.utils.set_random_seed(0)
    model = tfvae.VAE((32, 32, 1), latent_dim=2, objective="B")
    model.compile(
        keras.optimizers.Adam(1e-3), steps_per_execution=steps_per_execution
    )
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    return model, [(v, v.numpy()) for v in variables]


def new(steps_per_execution: int = 1) -> tfvae.VAE:
    """The same untrained model every time."""
    model, values = compiled(steps_per_execution)
    for variable, value in values:
        variable.assign(value)
    return model


def fit(model, *own, steps=12, epochs=1) -> dict[str, list[float]]:
    return model.fit(
        DATASET.batches(4, seed=0),
        steps_per_epoch=steps,
        epochs=epochs,
        callbacks=list(own),
        shuffle=False,
        verbose=0,
    ).history


def fit_with_a_nan(model, *own, step: int) -> None:
    """Train on images of which the batch of one step is not a number."""
    images = IMAGES.astype("float32")
    images[4 * (step - 1)] = np.nan
    batches = tf.data.Dataset.from_tensor_slices(images).batch(4, True)
    model.fit(batches, callbacks=list(own), shuffle=False, verbose=0)


def rows_of(file) -> list[dict[str, float]]:
    with open(file, newline="") as lines:
        return [
            {name: float(value) for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]


def steps_of(rows) -> list[float]:
    return [row["step"] for row in rows]
