import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

import tfvae
from tests.data import tfds_files
from tfvae.data import smallnorb
from tfvae.data.factors import FactorGrid
from tfvae.data.smallnorb import SmallNORB

INSTANCES = {"all": (1, 4, 5, 9), "train": (4, 9), "test": (1, 5)}


def grid(dataset):
    """As the real one, with fewer values."""
    names = ("category", "instance", "elevation", "azimuth", "lighting")
    return FactorGrid(names, (2, len(INSTANCES[dataset.split]), 1, 3, 1))


def example(category, instance, azimuth):
    """An image of one grey, which tells what it shows."""
    grey = 100 * category + 10 * instance + azimuth
    return {
        "image": np.full([96, 96, 1], grey, np.uint8),
        "image2": np.zeros([96, 96, 1], np.uint8),
        "label_category": category,
        "instance": instance,
        "label_elevation": 0,
        "label_azimuth": azimuth,
        "label_lighting": 0,
    }


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(smallnorb, "INSTANCES", INSTANCES)
    monkeypatch.setattr(SmallNORB, "grid", property(grid))
    splits = {
        split: [
            example(category, instance, azimuth)
            for azimuth in (2, 0, 1)
            for instance in INSTANCES[split]
            for category in (1, 0)
        ]
        for split in ("train", "test")
    }
    tfds_files.write(tfds.builder("smallnorb", data_dir=tmp_path), splits)
    return str(tmp_path)


@pytest.mark.parametrize("split", INSTANCES)
def test_the_toys_of_a_split_are_counted_in_their_order(directory, split):
    dataset = tfvae.data.load("smallnorb", dir=directory, split=split)
    images = dataset.images(np.arange(dataset.size))
    assert images.shape[1:] == (64, 64, 1)
    expected = [
        100 * category + 10 * instance + azimuth
        for category in range(2)
        for instance in INSTANCES[split]
        for azimuth in range(3)
    ]
    assert images[:, 31, 31, 0].tolist() == expected
    assert images.min(axis=(1, 2, 3)).tolist() == expected


def test_the_filter_is_that_of_disentanglement_lib():
    rng = np.random.default_rng(0)
    # Pillow clips after each of the two axes; greys that need no clipping
    image = rng.integers(100, 156, [96, 96, 1], np.uint8)
    pillow = Image.fromarray(image[..., 0]).resize((64, 64), Image.LANCZOS)
    ours = SmallNORB().image(tf.constant(image)).numpy()[..., 0]
    difference = np.abs(ours.astype(int) - np.asarray(pillow).astype(int))
    assert difference.max() <= 1


def test_other_splits_are_refused():
    with pytest.raises(ValueError, match="Received: split='validation'"):
        tfvae.data.load("smallnorb", split="validation")
