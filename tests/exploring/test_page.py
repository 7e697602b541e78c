"""What is on the page; what happens on it is in test_explore_command.py."""

import asyncio

import keras
import numpy as np
import pytest

import tfvae
from tests.runs import SHAPE
from tests.runs import bars
from tfvae.exploring.page import Page
from tfvae.exploring.pictures import Pictures
from tfvae.views import Views


async def config(pictures, name):
    """In an event loop, where Gradio else makes one and never closes it."""
    return Page(pictures, name).blocks.get_config_file()


def components(monkeypatch, *latent_kl, name="run"):
    """Of a model whose latents have this KL: properties by kind."""
    monkeypatch.setattr(Views, "latent_kl", np.array(latent_kl))
    monkeypatch.setattr(Views, "meanings", [""] * len(latent_kl))
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(SHAPE, latent_dim=len(latent_kl))
    pictures = Pictures(model, tfvae.data.from_arrays(*bars()))
    found = {}
    for component in asyncio.run(config(pictures, name))["components"]:
        found.setdefault(component["type"], []).append(component["props"])
    return found


def texts(found):
    return " ".join(str(html.get("value")) for html in found["html"])


def labels(found):
    return [slider["label"] for slider in found["slider"]]


def test_a_slider_a_latent_by_kl(monkeypatch):
    found = components(monkeypatch, 0.0, 1.0, 2.0)
    assert [label.split()[0] for label in labels(found)] == ["z2", "z1", "z0"]


def test_inactive_latents_wait_behind_a_checkbox(monkeypatch):
    found = components(monkeypatch, 0.0, 1.0, 0.01)
    [checkbox] = found["checkbox"]
    assert checkbox["label"] == "Show 2 inactive"
    [group] = found["group"]
    assert not group["visible"]
    assert "No latent" not in texts(found)


def test_where_no_latent_is_active_all_are_shown(monkeypatch):
    found = components(monkeypatch, 0.0, 0.01)
    assert len(labels(found)) == 2
    assert "No latent is active" in texts(found)
    assert "checkbox" not in found and "group" not in found


def test_where_all_are_active_nothing_is_behind(monkeypatch):
    found = components(monkeypatch, 1.0, 2.0)
    assert len(labels(found)) == 2
    assert "checkbox" not in found
    assert "No latent" not in texts(found)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"a" & b'])
def test_any_name_of_a_run_is_text(monkeypatch, name):
    found = components(monkeypatch, 1.0, name=name)
    file = found["html"][1]["props"]["file"]
    assert not set('<>"') & set(file)
    assert "<script>" not in texts(found)
