"""Exported models of every kind, and what C answers of each."""

import contextlib
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

SHAPES = [(64, 64, 1), (32, 32, 3), (40, 56, 1), (128, 96, 3), (32, 32, 2)]
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


def trained(kind: dict[str, Any], two_replicas) -> tfvae.VAE:
    """A model after one step, so that it has an optimizer and a past."""
    kind = {"image_shape": (32, 32, 1), **kind}
    jit_compile = kind.pop("jit_compile", False)
    scope = contextlib.nullcontext
    if kind.pop("replicas", 1) == 2:
        scope = two_replicas.scope
    kind["objective"] = objectives.get(kind.get("objective", "H"))
    kind["objective"] = kind["objective"].for_dataset(1000)
    with scope():
        keras.utils.set_random_seed(0)
        model = tfvae.VAE(latent_dim=4, **kind)
        model.compile("adam", jit_compile=jit_compile)
    images = np.random.default_rng(0).uniform(size=[4, *model.image_shape])
    model.fit(images.astype("float32"), batch_size=4, verbose=0)
    return model


@pytest.fixture(
    scope="session",
    params=kinds(),
    ids=lambda kind: "-".join(map(str, kind.values())).replace(" ", ""),
)
def exported(request, tmp_path_factory, two_replicas) -> Exported:
    """A model of one kind, exported."""
    model = trained(request.param, two_replicas)
    base = tmp_path_factory.mktemp("export")
    directory = export_saved_model(model, base, max_batch_size=LARGEST_BATCH)
    return Exported(model, directory)


@pytest.fixture(scope="session")
def answers(exported, tmp_path_factory) -> dict[str, Any]:
    """What C answers to `questions`, by their names."""
    asked = questions(exported.model, exported.directory)
    folder = tmp_path_factory.mktemp("asked")
    answered = ask_c(exported.directory, [*asked.values()], folder)
    return dict(zip(asked, answered, strict=True))
