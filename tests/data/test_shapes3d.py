import numpy as np
import pytest
import tensorflow_datasets as tfds

import tfvae
from tests.data import tfds_files
from tfvae.data.factors import FactorGrid
from tfvae.data.shapes3d import Shapes3D

SMALL = FactorGrid(Shapes3D.grid.names, (2, 1, 3, 2, 1, 2))
IMAGES = tfds_files.images(len(SMALL), 64, 64, 3)


@pytest.fixture
def directory(tmp_path, monkeypatch):
    """A directory of TensorFlow Datasets with 24 images, in no order."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Shapes3D, "grid", SMALL)
    tfds_files.write(
        tfds.builder("shapes3d", data_dir=tmp_path),
        {"train": map(example, np.random.default_rng(1).permutation(24))},
    )
    return str(tmp_path)


def example(index):
    factors = SMALL.factors([index])[0]
    labels = {
        f"label_{name}": int(value)
        for name, value in zip(SMALL.names, factors, strict=True)
    }
    values = {f"value_{name}": 0.0 for name in SMALL.names}
    return {"image": IMAGES[index], **labels, **values}


def test_images_are_ordered_by_their_labels(directory):
    dataset = tfvae.data.load("shapes3d", dir=directory)
    assert dataset.size == 24
    assert dataset.image_shape == (64, 64, 3)
    np.testing.assert_array_equal(dataset.images(np.arange(24)), IMAGES)
    factors = [[1, 0, 2, 0, 0, 1], [0, 0, 0, 0, 0, 0]]
    np.testing.assert_array_equal(
        dataset.images_of(factors), IMAGES[SMALL.indices(factors)]
    )


def test_batches_are_those_of_the_same_images_in_memory(directory):
    dataset = tfvae.data.load("shapes3d", dir=directory)
    batches = dataset.batches(5, seed=3, start_step=2)
    expected = tfvae.data.from_arrays(IMAGES).batches(5, seed=3, start_step=2)
    for batch, other in zip(batches.take(3), expected, strict=False):
        np.testing.assert_array_equal(batch, other)


def test_an_image_that_is_missing_is_named(directory, monkeypatch):
    larger = FactorGrid(SMALL.names, (2, 1, 3, 2, 1, 3))
    monkeypatch.setattr(Shapes3D, "grid", larger)
    with pytest.raises(ValueError, match="Received: 24, .* image 2$"):
        _ = tfvae.data.load("shapes3d", dir=directory).stored
