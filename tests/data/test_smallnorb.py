import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds
from PIL import Image

import tfvae
from tests.data import tfds_files
from tfvae.data.factors import FactorGrid
from tfvae.data.smallnorb import SmallNORB

SMALL = FactorGrid(SmallNORB.grid.names, (2, 4, 1, 3, 1))
INSTANCES = {"train": (0, 3), "test": (1, 2)}


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
    monkeypatch.setattr(SmallNORB, "grid", SMALL)
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


def test_both_splits_together_are_the_grid(directory):
    dataset = tfvae.data.load("smallnorb", dir=directory)
    images = dataset.images(np.arange(dataset.size))
    assert images.shape == (24, 64, 64, 1)
    expected = [
        100 * category + 10 * instance + azimuth
        for category in range(2)
        for instance in range(4)
        for azimuth in range(3)
    ]
    assert images[:, 31, 31, 0].tolist() == expected
    assert images.min(axis=(1, 2, 3)).tolist() == expected
    [image] = dataset.images_of([[1, 2, 0, 1, 0]])
    assert (image == 121).all()


def test_the_filter_is_that_of_disentanglement_lib():
    rng = np.random.default_rng(0)
    # Pillow clips after each of the two axes; greys that need no clipping
    image = rng.integers(100, 156, [96, 96, 1], np.uint8)
    pillow = Image.fromarray(image[..., 0]).resize((64, 64), Image.LANCZOS)
    ours = SmallNORB().image(tf.constant(image)).numpy()[..., 0]
    difference = np.abs(ours.astype(int) - np.asarray(pillow).astype(int))
    assert difference.max() <= 1
