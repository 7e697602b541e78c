import io

import keras
import numpy as np
import pytest
from PIL import Image

import tfvae
from tests.runs import SHAPE
from tests.runs import bars
from tfvae.exploring.pictures import Pictures
from tfvae.exploring.pictures import png
from tfvae.views import Views


@pytest.fixture(scope="module")
def dataset():
    return tfvae.data.from_arrays(*bars())


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return tfvae.VAE(SHAPE, latent_dim=3)


@pytest.fixture(scope="module")
def pictures(model, dataset):
    return Pictures(model, dataset)


def of_latents(monkeypatch, latent_kl, meanings):
    """Pictures of a model with given KL and meanings of its latents."""
    monkeypatch.setattr(Views, "latent_kl", np.array(latent_kl))
    monkeypatch.setattr(Views, "meanings", meanings)
    model = tfvae.VAE(SHAPE, latent_dim=len(latent_kl))
    return Pictures(model, tfvae.data.from_arrays(*bars()))


def pixels(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)))


def levels(image) -> np.ndarray:
    return np.rint(255 * np.asarray(image)).astype(np.uint8)


def test_latents_come_by_kl_active_ones_first(monkeypatch):
    pictures = of_latents(monkeypatch, [0.0, 1.5, 2.5], ["", "", "9% of x"])
    assert pictures.latents == [2, 1, 0]
    assert pictures.active == 2


def test_labels_tell_number_kl_and_meaning(monkeypatch):
    pictures = of_latents(monkeypatch, [0.0, 1.5, 2.5], ["", "", "9% of x"])
    assert pictures.labels == [
        "z0  0.00 nats, inactive",
        "z1  1.50 nats",
        "z2  2.50 nats, knows 9% of x",
    ]


def test_a_start_shows_the_image_and_its_reconstruction(
    pictures, model, dataset
):
    start = pictures.start(5)
    image = dataset.images([5])
    assert pixels(start.image).tolist() == image[0, ..., 0].tolist()
    [expected] = model.reconstruct(dataset.floats(image))
    np.testing.assert_allclose(
        pixels(start.reconstruction), levels(expected)[..., 0], atol=1
    )


def test_sliders_stand_at_the_posterior_mean(pictures, model, dataset):
    start = pictures.start(5)
    mean, _ = model.encode(dataset.floats(dataset.images([5])))
    np.testing.assert_allclose(start.z, mean[0], atol=0.005 + 1e-6)
    np.testing.assert_array_equal(start.z, np.round(start.z, 2))
    assert start.moved == pictures.moved(start.z)


def test_sliders_range_over_the_aggregate_posterior(pictures, model, dataset):
    values = Views(model, dataset).values[:, [0, -1]]
    ranges = pictures.start(5).ranges
    assert np.all(ranges[:, 0] <= values[:, 0])
    assert np.all(ranges[:, 1] >= values[:, 1])
    np.testing.assert_allclose(ranges, values, atol=0.01 + 1e-6)


def test_a_range_goes_on_to_a_start_beyond_it(model, dataset, monkeypatch):
    narrow = np.tile([-0.001, 0.001], [3, 1])
    monkeypatch.setattr(Views, "values", narrow)
    monkeypatch.setattr(
        model,
        "encode",
        lambda x: (np.array([[-3.333, 0.0, 3.333]], "float32"), None),
    )
    monkeypatch.setattr(model, "_graphs", {})
    start = Pictures(model, dataset).start(0)
    assert start.z.tolist() == [-3.33, 0.0, 3.33]
    assert start.ranges.tolist() == [
        [-3.34, 0.01],
        [-0.01, 0.01],
        [-0.01, 3.34],
    ]


def test_a_moved_picture_is_what_the_decoder_makes_of_z(pictures, model):
    z = np.array([1.25, -0.5, 0])
    moved = Image.open(io.BytesIO(pictures.moved(z)))
    [expected] = model.decode(z[np.newaxis].astype(np.float32))
    np.testing.assert_allclose(
        np.asarray(moved), levels(expected)[..., 0], atol=1
    )
    assert moved.text == {"z": "1.25 -0.50 0.00"}


@pytest.mark.parametrize("number", [-1, 384])
def test_there_is_no_image_of_any_other_number(pictures, number):
    with pytest.raises(ValueError, match=f"0 to 383.*number={number}"):
        pictures.start(number)


def test_another_image_is_any_of_the_data_set(pictures):
    numbers = {pictures.another() for _ in range(100)}
    assert len(numbers) > 50
    assert numbers <= set(range(384))


def test_a_model_for_other_images_is_refused(dataset):
    pictures = Pictures(tfvae.VAE((64, 64, 1), latent_dim=2), dataset)
    with pytest.raises(ValueError, match="The model is for images"):
        pictures.start(0)


@pytest.mark.parametrize("channels, mode", [(1, "L"), (3, "RGB"), (4, "L")])
def test_colours_stay_and_odd_channels_show_the_first(channels, mode):
    image = np.random.default_rng(0).random([32, 48, channels])
    opened = Image.open(io.BytesIO(png(image)))
    assert (opened.mode, opened.size) == (mode, (48, 32))
    shown = image if channels == 3 else image[..., 0]
    np.testing.assert_array_equal(np.asarray(opened), levels(shown))
