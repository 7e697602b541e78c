import numpy as np
import pictures
import pytest
from PIL import Image

from tests.export.pages import png


def test_a_colour_image_fits_a_colour_model(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, [8, 6, 3], np.uint8)
    path = tmp_path / "colour.png"
    path.write_bytes(png(pixels))
    assert pictures.read_png(path, (8, 6, 3)) == path.read_bytes()


def test_a_row_of_colour_images():
    images = np.zeros([2, 3, 4, 3])
    images[1, :, :, 2] = 0.5
    row = np.array(pictures.row(images))
    assert row.shape == (7, 16, 3)
    np.testing.assert_array_equal(
        row[2, :8, 2], [255] * 2 + [0] * 4 + [255] * 2
    )
    assert row[2, 10].tolist() == [0, 0, 128]


def test_a_file_that_came_in_between_is_kept(tmp_path):
    path = tmp_path / "row.png"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        pictures.write_new(Image.new("L", (2, 2)), path)
    assert path.read_text() == "mine"
