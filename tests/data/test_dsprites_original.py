import numpy as np
import pytest
import tensorflow_datasets as tfds

from tests.data import tfds_files
from tfvae.data import archives
from tfvae.data import dsprites
from tfvae.data.dsprites_original import DSpritesOriginal
from tfvae.data.dsprites_original import read_packed
from tfvae.data.factors import FactorGrid

INDICES = np.random.default_rng(0).integers(0, 737_280, 20)
FACTORS = dsprites.GRID.factors(INDICES)
IMAGES = dsprites.render(FACTORS)[..., 0]


class Unloadable:
    """Raises when it is unpickled."""

    def __reduce__(self):
        return int, ("no number",)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dsprites.npz"


def write_all(path):
    """A file with the members of the original, fewer images."""
    np.savez_compressed(
        path,
        metadata=np.array(Unloadable(), dtype=object),
        imgs=IMAGES,
        latents_classes=np.pad(FACTORS, [(0, 0), (1, 0)]),
        latents_values=np.zeros([20, 6]),
    )


def test_images_are_read_and_nothing_is_unpickled(path):
    write_all(path)
    packed = read_packed(path)
    assert packed.dtype == np.uint8
    assert packed.shape == (20, 64, 8)
    np.testing.assert_array_equal(dsprites.unpack(packed)[..., 0], IMAGES)


@pytest.mark.parametrize("images", [1, 7, 10, 20])
def test_pieces_are_joined(path, monkeypatch, images):
    write_all(path)
    whole = read_packed(path)
    monkeypatch.setattr(archives, "CHUNK", images * 64 * 64)
    np.testing.assert_array_equal(read_packed(path), whole)


def test_the_factors_are_those_of_the_re_rendering(path):
    dataset = DSpritesOriginal(str(path))
    assert dataset.image_shape == (64, 64, 1)
    assert dataset.factor_sizes == (3, 6, 40, 32, 32)
    assert dataset.factors(INDICES).tolist() == FACTORS.tolist()


def write_nothing(path):
    pass


def write_text(path):
    path.write_text("<html>404</html>")


def write_half(path):
    write_all(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def write_damaged(path):
    np.savez_compressed(path, imgs=IMAGES)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def write(**arrays):
    return lambda path: np.savez_compressed(path, **arrays)


@pytest.mark.parametrize(
    "prepare, message",
    [
        (write_nothing, "No such file"),
        (write_text, "damaged or not the dSprites npz"),
        (write_half, "damaged or not the dSprites npz"),
        (write_damaged, "damaged or not the dSprites npz"),
        (write(images=IMAGES), "damaged or not the dSprites npz"),
        (write(imgs=IMAGES[:, :32]), r"Received: shape=\(20, 32, 64\)"),
        (write(imgs=IMAGES[0]), r"Received: shape=\(64, 64\)"),
        (write(imgs=np.uint8(1)), r"Received: shape=\(\)"),
        (write(imgs=IMAGES.astype(np.int64)), "dtype=int64"),
        (write(imgs=IMAGES.astype(object)), "dtype=object"),
        (write(imgs=IMAGES * np.uint8(255)), "0 or 1. Received: 255"),
        (write_all, "has 737280 images. Received: 20"),
    ],
    ids=[
        "missing",
        "no zip",
        "truncated",
        "damaged",
        "other member",
        "small images",
        "one image",
        "no image",
        "int64",
        "pickled",
        "grey",
        "too few",
    ],
)
def test_any_other_file_is_refused_in_one_line(path, prepare, message):
    prepare(path)
    with pytest.raises(ValueError, match=message) as error:
        _ = DSpritesOriginal(str(path)).stored
    assert "\n" not in str(error.value)


def test_the_images_come_through_tensorflow_datasets(tmp_path, monkeypatch):
    small = FactorGrid(dsprites.GRID.names, (3, 1, 2, 2, 3))
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(DSpritesOriginal, "grid", small)
    factors = small.factors(np.arange(36))
    images = dsprites.render(factors * [1, 1, 7, 11, 5])
    labels = DSpritesOriginal.labels
    values = [label.replace("label", "value") for label in labels]
    examples = [
        {
            "image": images[n],
            **dict(zip(labels, factors[n].tolist(), strict=True)),
            **dict.fromkeys(values, 0.0),
        }
        for n in np.random.default_rng(0).permutation(36)
    ]
    builder = tfds.builder("dsprites", data_dir=tmp_path)
    tfds_files.write(builder, {"train": examples})
    dataset = DSpritesOriginal(dir=str(tmp_path))
    assert dataset.stored.shape == (36, 64, 8)
    np.testing.assert_array_equal(dataset.images(np.arange(36)), images)
    np.testing.assert_array_equal(
        dataset.images_of([[2, 0, 1, 1, 2]]), images[[35]]
    )
    [batch] = dataset.in_order([7, 3], batch_size=2)
    np.testing.assert_array_equal(batch, images[[7, 3]])
