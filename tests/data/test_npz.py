import numpy as np
import pytest

import tfvae

IMAGES = np.random.default_rng(0).integers(0, 256, [6, 32, 40, 3], np.uint8)
FACTORS = np.array([[n // 2, n % 2] for n in range(6)])


def test_images_and_factors_come_from_the_file(tmp_path):
    np.savez(tmp_path / "my.npz", images=IMAGES, factors=FACTORS)
    dataset = tfvae.data.load("npz", path=str(tmp_path / "my.npz"))
    np.testing.assert_array_equal(dataset.images([4, 1]), IMAGES[[4, 1]])
    np.testing.assert_array_equal(dataset.factors([4, 1]), FACTORS[[4, 1]])
    assert dataset.image_shape == (32, 40, 3)
    assert dataset.factor_sizes == (3, 2)


def test_factors_are_optional(tmp_path):
    np.savez_compressed(tmp_path / "my.npz", images=IMAGES > 127)
    dataset = tfvae.data.load("npz", path=str(tmp_path / "my.npz"))
    assert dataset.factor_names is None
    assert dataset.size == 6


@pytest.mark.parametrize(
    "arrays",
    [
        {"pictures": IMAGES},
        {"images": np.array([{}], object)},
        {"images": IMAGES.astype(np.int64)},
        {"images": IMAGES, "factors": FACTORS[:2]},
    ],
    ids=["no images", "pickled", "int64", "too few factors"],
)
def test_other_arrays_are_refused(arrays, tmp_path):
    np.savez(tmp_path / "my.npz", **arrays)
    with pytest.raises(ValueError, match="Received"):
        tfvae.data.load("npz", path=str(tmp_path / "my.npz"))


def test_a_damaged_file_is_refused(tmp_path):
    file = tmp_path / "my.npz"
    np.savez_compressed(file, images=IMAGES)
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(ValueError, match="must be an npz"):
        tfvae.data.load("npz", path=str(file))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ValueError, match="No such file.*none.npz"):
        tfvae.data.load("npz", path=str(tmp_path / "none.npz"))
