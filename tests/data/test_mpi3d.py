import hashlib

import numpy as np
import pytest

import tfvae
from tests.data import tfds_files
from tfvae.data.builders import mpi3d as builder
from tfvae.data.factors import FactorGrid
from tfvae.data.mpi3d import MPI3D

SMALL = FactorGrid(MPI3D.grid.names, (2, 1, 2, 1, 1, 3, 2))
IMAGES = tfds_files.images(len(SMALL), 64, 64, 3)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Puts a file where the user would, its checksum known."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(MPI3D, "grid", SMALL)
    manual = tmp_path / "downloads" / "manual"
    manual.mkdir(parents=True)

    def put(variant, **arrays):
        path = manual / f"mpi3d_{variant}.npz"
        np.savez_compressed(path, **arrays)
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        monkeypatch.setitem(builder.MD5, variant, md5)
        return str(tmp_path)

    return put


@pytest.mark.parametrize("shape", [(24, 64, 64, 3), (*SMALL.sizes, 64, 64, 3)])
def test_images_are_in_the_order_that_the_readme_gives(place, shape):
    directory = place("real", images=IMAGES.reshape(shape))
    dataset = tfvae.data.load("mpi3d", dir=directory, variant="real")
    np.testing.assert_array_equal(dataset.images(np.arange(24)), IMAGES)
    grid = IMAGES.reshape([*SMALL.sizes, 64, 64, 3])
    [image] = dataset.images_of([[1, 0, 0, 0, 0, 2, 1]])
    np.testing.assert_array_equal(image, grid[1, 0, 0, 0, 0, 2, 1])


def test_variants_are_kept_apart(place):
    place("toy", images=IMAGES)
    directory = place("realistic", images=255 - IMAGES)
    for variant, images in (("toy", IMAGES), ("realistic", 255 - IMAGES)):
        dataset = tfvae.data.load("mpi3d", dir=directory, variant=variant)
        np.testing.assert_array_equal(dataset.images([5]), images[[5]])


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"images": IMAGES[:20]}, "MPI3D has 24 images. Received: 20"),
        ({"images": IMAGES[..., :1]}, r"shape=\(24, 64, 64, 1\)"),
        ({"images": np.array([{}], object)}, "dtype=object"),
        ({"pictures": IMAGES}, "must be the MPI3D npz"),
    ],
    ids=["too few", "grey", "pickled", "other member"],
)
def test_other_files_are_refused(place, arrays, message):
    directory = place("toy", **arrays)
    with pytest.raises(ValueError, match=message):
        _ = tfvae.data.load("mpi3d", dir=directory).stored


def test_other_variants_are_refused():
    with pytest.raises(ValueError, match="Received: variant='complex'"):
        tfvae.data.load("mpi3d", variant="complex")
