import numpy as np
import pytest
import tensorflow_datasets as tfds

import tfvae
from tests.data import tfds_files

IMAGES = tfds_files.images(7, 28, 28, 1)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_images_get_a_black_margin(name, tmp_path, monkeypatch):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    examples = [{"image": image, "label": 3} for image in IMAGES]
    tfds_files.write(
        tfds.builder(name, data_dir=tmp_path),
        {"train": examples[:5], "test": examples[5:]},
    )
    for split, rows in (("train", IMAGES[:5]), ("test", IMAGES[5:])):
        dataset = tfvae.data.load(name, dir=str(tmp_path), split=split)
        images = dataset.images(np.arange(dataset.size))
        assert images.shape == (len(rows), 32, 32, 1)
        assert images.sum() == rows.sum(dtype=np.int64)
        kept = {image.tobytes() for image in images[:, 2:30, 2:30]}
        assert kept == {row.tobytes() for row in rows}
    assert tfvae.data.load(name, dir=str(tmp_path)).size == 5
