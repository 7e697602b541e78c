import numpy as np
import pytest
import tensorflow as tf
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


def test_files_with_a_wrong_checksum_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    dataset = tfvae.data.load("mnist", dir=str(tmp_path))
    manual = tmp_path / "downloads" / "manual"
    manual.mkdir(parents=True)
    for name in dataset.files(dataset.builder()):
        (manual / name).write_bytes(b"something else")
    with pytest.raises(ValueError, match="mnist was not prepared: .*checksum"):
        _ = dataset.stored
    assert not (tmp_path / "mnist" / "3.0.1").exists()


def test_damaged_records_are_an_error_and_nothing_is_kept(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    examples = [{"image": image, "label": 3} for image in IMAGES]
    builder = tfds.builder("mnist", data_dir=tmp_path)
    tfds_files.write(builder, {"train": examples, "test": examples})
    [records] = (tmp_path / "mnist" / "3.0.1").glob("*train.tfrecord*")
    content = bytearray(records.read_bytes())
    content[len(content) // 2] ^= 0xFF
    records.write_bytes(content)
    with pytest.raises(tf.errors.DataLossError):
        _ = tfvae.data.load("mnist", dir=str(tmp_path)).stored
    assert not list((tmp_path / "cache").glob("*.npy"))
