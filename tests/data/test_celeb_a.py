import numpy as np
import pytest
import tensorflow_datasets as tfds

import tfvae
from tests.data import tfds_files

SPLITS = {"train": 5, "validation": 2, "test": 3}


@pytest.fixture
def directory(tmp_path, monkeypatch):
    """Images grey by their number, but for a frame outside the 128x128."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    builder = tfds.builder("celeb_a", data_dir=tmp_path)
    numbers = iter(range(10))
    splits = {
        split: [example(builder, next(numbers)) for _ in range(count)]
        for split, count in SPLITS.items()
    }
    tfds_files.write(builder, splits)
    return str(tmp_path)


def example(builder, number):
    image = np.full([218, 178, 3], 255, np.uint8)
    image[45:173, 25:153] = 20 * number
    labels = {
        group: dict.fromkeys(builder.info.features[group], 0)
        for group in ("landmarks", "attributes", "identity")
    }
    return {"image": image, **labels}


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, range(10)),
        ({"split": "train"}, range(5)),
        ({"split": "validation"}, range(5, 7)),
        ({"split": "test"}, range(7, 10)),
    ],
    ids=str,
)
def test_the_centre_of_every_image_of_a_split(directory, options, expected):
    dataset = tfvae.data.load("celeb_a", dir=directory, **options)
    assert dataset.size == len(expected)
    assert dataset.factor_names is None
    images = dataset.images(np.arange(dataset.size)).astype(int)
    assert images.shape[1:] == (64, 64, 3)
    # JPEG rings at the edge of the frame; inside it is 16x16 blocks away
    inside = images[:, 16:48, 16:48]
    order = np.rint(inside.mean(axis=(1, 2, 3)) / 20).astype(int)
    assert sorted(order) == list(expected)
    assert np.abs(inside - 20 * order[:, None, None, None]).max() <= 2
    assert np.abs(images - 20 * order[:, None, None, None]).max() <= 60


def test_other_splits_are_refused(directory):
    dataset = tfvae.data.load("celeb_a", dir=directory, split="trian")
    with pytest.raises(ValueError, match="trian"):
        _ = dataset.stored
