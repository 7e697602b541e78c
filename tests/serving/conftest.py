"""Exported models of every kind, and what C answers of each."""

import contextlib
import functools
import itertools
from pathlib import Path
from typing import Any
from typing import NamedTuple

import keras
import numpy as np
import pytest

import tfvae
from tests.serving.loading import ask_c
from tests.serving.questions import LARGEST_BATCH
from tests.serving.questions import questions
from tfvae import networks
from tfvae import objectives
from tfvae.likelihoods import LIKELIHOODS
from tfvae.serving import export_saved_model

SHAPES = [(64, 64, 1), (32, 32, 3), (40, 56, 1), (64, 48, 3), (32, 32, 2)]
TRAINED = [
    {"dtype": "mixed_bfloat16"},
    {"dtype": "mixed_float16"},
    {"jit_compile": True, "network": "chen2018"},  # XLA is slow at the others
    {"replicas": 2},
]


class Exported(NamedTuple):
    """A model and where it was exported to."""

    model: tfvae.VAE
    directory: Path


def kinds() -> list[dict[str, Any]]:
    """Every network, likelihood and objective, each at least once, in images
    of several shapes; then several ways to train."""
    parts = {
        "network": networks.names(),
        "likelihood": LIKELIHOODS.names(),
        "objective": objectives.names(),
        "image_shape": SHAPES,
    }
    number = max(map(len, parts.values()))
    cycles = [itertools.cycle(part) for part in parts.values()]
    rows = [tuple(map(next, cycles)) for _ in range(number)]
    return [dict(zip(parts, row, strict=True)) for row in rows] + TRAINED


KINDS = kinds()


def model_of(kind: dict[str, Any], two_replicas) -> tfvae.VAE:
    """A new model; of those that differ in training, after a step."""
    choice = {"image_shape": (32, 32, 1), "objective": "H", **kind}
    jit_compile = choice.pop("jit_compile", False)
    scope = contextlib.nullcontext
    if choice.pop("replicas", 1) == 2:
        scope = two_replicas.scope
    objective = objectives.get(choice.pop("objective")).for_dataset(1000)
    with scope():
        keras.utils.set_random_seed(0)
        model = tfvae.VAE(latent_dim=4, objective=objective, **choice)
        model.compile("adam", jit_compile=jit_compile)
    if kind in TRAINED:
        images = np.random.default_rng(0).uniform(size=[4, *model.image_shape])
        model.fit(images.astype("float32"), batch_size=4, verbose=0)
    return model


@pytest.fixture(scope="session")
def made(tmp_path_factory, two_replicas):
    """From a kind to its `Exported` and C's answers, each made once.

    pytest would make the fixtures of a kind again in each file.
    """

    @functools.cache
    def make(number: int) -> tuple[Exported, dict[str, Any]]:
        model = model_of(KINDS[number], two_replicas)
        folder = tmp_path_factory.mktemp("export")
        directory = export_saved_model(
            model, folder / "vae", max_batch_size=LARGEST_BATCH
        )
        asked = questions(model, directory)
        answered = ask_c(directory, [*asked.values()], folder)
        answers = dict(zip(asked, answered, strict=True))
        return Exported(model, directory), answers

    return make


@pytest.fixture(
    params=range(len(KINDS)),
    ids=lambda number: "-".join(
        str(part).replace(" ", "") for part in KINDS[number].values()
    ),
)
def kind(request) -> int:
    """The number of a kind of model."""
    return request.param


@pytest.fixture
def exported(kind, made) -> Exported:
    """A model of one kind, exported."""
    return made(kind)[0]


@pytest.fixture
def answers(kind, made) -> dict[str, Any]:
    """What C answers to `questions`, by their names."""
    return made(kind)[1]
