import hashlib
import io
import tarfile

import numpy as np
import pytest
import scipy.io
import tensorflow as tf

import tfvae
from tfvae.data.builders import cars3d as builder
from tfvae.data.builders.originals import Original
from tfvae.data.cars3d import Cars3D
from tfvae.data.factors import FactorGrid
from tfvae.data.tfds_images import resized

SMALL = FactorGrid(Cars3D.grid.names, (4, 24, 2))
# smooth, so that scaling keeps what tells images apart
RAMPS = np.linspace(0, 1, 128)[:, None, None, None, None]
GREYS = np.random.default_rng(0).integers(0, 256, [2, 1, 128, 3, 24, 4])
CARS = [(RAMPS * grey).astype(np.uint8) for grey in GREYS]


def archive(path, *members):
    with tarfile.open(path, "w:gz") as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))


def matlab(**arrays):
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, arrays, do_compression=True)
    return buffer.getvalue()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Puts an archive where the user would, its checksum known."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Cars3D, "grid", SMALL)
    manual = tmp_path / "downloads" / "manual"
    manual.mkdir(parents=True)

    def put(*members):
        path = manual / "nips2015-analogy-data.tar.gz"
        archive(path, *members)
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        original = Original(path.name, str(path), md5)
        monkeypatch.setattr(builder.Cars3D, "originals", (original,))
        return str(tmp_path)

    return put


def test_cars_are_ordered_by_their_names_and_views(place):
    directory = place(
        ("data/shapes48.mat", b"something else"),
        ("data/cars/car_007_mesh.mat", matlab(im=CARS[1], mask=np.zeros(3))),
        ("data/cars/list.txt", b"car_007_mesh\ncar_002_mesh\n"),
        ("data/cars/car_002_mesh.mat", matlab(im=CARS[0])),
    )
    dataset = tfvae.data.load("cars3d", dir=directory)
    factors = [[0, 0, 0], [3, 23, 1], [2, 5, 1], [1, 0, 0]]
    images = dataset.images_of(factors)
    for image, (elevation, azimuth, car) in zip(images, factors, strict=True):
        original = tf.constant(CARS[car][..., azimuth, elevation])
        np.testing.assert_array_equal(image, resized(original, 64))


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"im": CARS[0][..., :2]}, r"128, 128, 3, 24, 2\)"),
        ({"im": CARS[0] / 2}, "dtype=float64"),
    ],
)
def test_other_arrays_are_refused(place, arrays, message):
    directory = place(("data/cars/car_001_mesh.mat", matlab(**arrays)))
    with pytest.raises(ValueError, match=f"(?s)`im` must be .*{message}"):
        _ = tfvae.data.load("cars3d", dir=directory).stored


def test_a_wrong_checksum_is_refused(place, tmp_path):
    directory = place(("data/cars/car_001_mesh.mat", matlab(im=CARS[0])))
    [path] = (tmp_path / "downloads" / "manual").iterdir()
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="has the MD5 .* Received: "):
        _ = tfvae.data.load("cars3d", dir=directory).stored


def test_what_is_downloaded_is_checked_first(place, tmp_path, monkeypatch):
    place(("data/cars/car_001_mesh.mat", b"no MATLAB"))
    [path] = (tmp_path / "downloads" / "manual").iterdir()
    away = path.rename(tmp_path / path.name)
    wrong = Original("cars.tar.gz", str(away), "0" * 32)
    monkeypatch.setattr(builder.Cars3D, "originals", (wrong,))
    dataset = tfvae.data.load("cars3d", dir=str(tmp_path), download=True)
    with pytest.raises(ValueError, match="has the MD5 0000.* Received: "):
        _ = dataset.stored
