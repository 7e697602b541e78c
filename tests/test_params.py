import dataclasses
import json

import pytest

from params import PRESETS
from params import QUICK
from params import Params
from params import preset
from tfvae import data
from tfvae import networks
from tfvae.likelihoods import LIKELIHOODS
from tfvae.training.optimizers import OPTIMIZERS

EVERY_PRESET = pytest.mark.parametrize("name", PRESETS)


@EVERY_PRESET
def test_a_preset_survives_params_json(name):
    stored = json.loads(json.dumps(PRESETS[name].to_json()))
    assert Params.from_json(stored) == PRESETS[name]


@EVERY_PRESET
def test_a_preset_has_a_source(name):
    assert PRESETS[name].source


@EVERY_PRESET
def test_a_preset_uses_what_there_is(name):
    assert PRESETS[name].dataset in data.names()
    assert PRESETS[name].network in networks.names()
    assert PRESETS[name].likelihood in LIKELIHOODS.names()
    assert PRESETS[name].optimizer in OPTIMIZERS


def test_presets_are_told_apart_by_more_than_their_names():
    stored = [json.dumps(params.to_json()) for params in PRESETS.values()]
    assert len(set(stored)) == len(PRESETS)


def test_what_else_params_json_holds_is_left_out():
    stored = {**QUICK.to_json(), "versions": {"keras": "3"}}
    assert Params.from_json(stored) == QUICK


def test_a_preset_is_found_by_its_name():
    assert preset("quick-B") == QUICK


def test_an_unknown_preset_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'burgess2018-dsprites'"):
        preset("burgess-dsprites")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latent_dim", 0),
        ("batch_size", -64),
        ("steps", 0),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("final_learning_rate", -1e-4),
        ("seed", -1),
        ("precision", "float61"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"Received: {name}={value!r}"):
        dataclasses.replace(QUICK, **{name: value})
