import io
import tarfile

import numpy as np
import pytest
from PIL import Image

import tfvae

GREYS = {"1a": 40, "2b": 120, "3c": 200}


@pytest.fixture
def directory(tmp_path, monkeypatch):
    """An archive of three chairs in one view each, on a coloured frame."""
    monkeypatch.setenv("TFVAE_CACHE", str(tmp_path / "cache"))
    manual = tmp_path / "downloads" / "manual"
    manual.mkdir(parents=True)
    with tarfile.open(manual / "rendered_chairs.tar", "w") as file:
        add(file, "rendered_chairs/all_chair_names.mat", b"MATLAB")
        for chair, grey in GREYS.items():
            name = "image_001_p020_t011_r096.png"
            add(file, f"rendered_chairs/{chair}/renders/{name}", view(grey))
    return str(tmp_path)


def add(file, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    file.addfile(info, io.BytesIO(content))


def view(grey):
    """A PNG of 600x600, the 400x400 in the centre grey."""
    pixels = np.full([600, 600, 3], [255, 0, 0], np.uint8)
    pixels[100:500, 100:500] = grey
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def test_the_centre_of_every_view_is_kept(directory):
    dataset = tfvae.data.load("chairs3d", dir=directory)
    images = dataset.images(np.arange(dataset.size))
    assert images.shape == (3, 64, 64, 1)
    assert sorted(images[:, 0, 0, 0]) == sorted(GREYS.values())
    assert (images == images[:, :1, :1]).all()


def cut(path):
    path.write_bytes(path.read_bytes()[:-30_000])


def fill(path):
    path.write_text("<html>404</html>")


def empty(path):
    with tarfile.open(path, "w") as file:
        add(file, "rendered_chairs/1a/renders/readme.txt", b"none")


@pytest.mark.parametrize("damage", [cut, fill, empty])
def test_other_files_are_refused(directory, damage, tmp_path):
    [path] = (tmp_path / "downloads" / "manual").iterdir()
    damage(path)
    with pytest.raises(ValueError, match="must be rendered_chairs.tar"):
        _ = tfvae.data.load("chairs3d", dir=directory).stored
    assert not (tmp_path / "chairs3d" / "1.0.0").exists()


@pytest.mark.parametrize("download", [False, True])
def test_it_is_never_downloaded(tmp_path, download):
    dataset = tfvae.data.load("chairs3d", dir=str(tmp_path), download=download)
    with pytest.raises(ValueError, match="no checksum of it is known"):
        _ = dataset.stored
