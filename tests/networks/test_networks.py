import itertools

import keras
import numpy as np
import pytest

from tfvae import networks


def conv(kernel, inputs, outputs):
    return kernel * kernel * inputs * outputs + outputs


def dense(inputs, outputs):
    return inputs * outputs + outputs


# parameters of the encoder and the decoder by the layers of the papers' tables,
# for 64x64x1 images and 10 latents
PARAMETERS = {
    "burgess2018": (
        conv(4, 1, 32)
        + 3 * conv(4, 32, 32)
        + dense(4 * 4 * 32, 256)
        + dense(256, 256)
        + dense(256, 2 * 10),
        dense(10, 256)
        + dense(256, 256)
        + dense(256, 4 * 4 * 32)
        + 3 * conv(4, 32, 32)
        + conv(4, 32, 1),
    ),
    "chen2018": (
        dense(64 * 64, 1200) + dense(1200, 1200) + dense(1200, 2 * 10),
        dense(10, 1200) + 2 * dense(1200, 1200) + dense(1200, 64 * 64),
    ),
    "higgins2017": (
        conv(4, 1, 32)
        + conv(4, 32, 32)
        + conv(4, 32, 64)
        + conv(4, 64, 64)
        + dense(4 * 4 * 64, 256)
        + dense(256, 2 * 10),
        dense(10, 256)
        + dense(256, 4 * 4 * 64)
        + conv(4, 64, 64)
        + conv(4, 64, 32)
        + conv(4, 32, 32)
        + conv(4, 32, 1),
    ),
    "kim2018": (
        conv(4, 1, 32)
        + conv(4, 32, 32)
        + conv(4, 32, 64)
        + conv(4, 64, 64)
        + dense(4 * 4 * 64, 128)
        + dense(128, 2 * 10),
        dense(10, 128)
        + dense(128, 4 * 4 * 64)
        + conv(4, 64, 64)
        + conv(4, 64, 32)
        + conv(4, 32, 32)
        + conv(4, 32, 1),
    ),
    "locatello2019": (
        conv(4, 1, 32)
        + conv(4, 32, 32)
        + conv(2, 32, 64)
        + conv(2, 64, 64)
        + dense(4 * 4 * 64, 256)
        + dense(256, 2 * 10),
        dense(10, 256)
        + dense(256, 4 * 4 * 64)
        + conv(4, 64, 64)
        + conv(4, 64, 32)
        + conv(4, 32, 32)
        + conv(4, 32, 1),
    ),
}

every_network = pytest.mark.parametrize("name", networks.names())


def build(name, image_shape, latent_dim):
    network = networks.get(name)
    return (
        network.encoder(image_shape, latent_dim),
        network.decoder(image_shape, latent_dim),
    )


@every_network
def test_parameters_at_64_pixels(name):
    encoder, decoder = build(name, (64, 64, 1), 10)
    assert (encoder.count_params(), decoder.count_params()) == PARAMETERS[name]


def test_parameters_of_higgins2017_for_celeba():
    # three channels instead of one, 32 latents instead of 10
    encoder, decoder = build("higgins2017", (64, 64, 3), 32)
    in_encoder, in_decoder = PARAMETERS["higgins2017"]
    in_encoder += conv(4, 3, 32) - conv(4, 1, 32) + dense(256, 2 * 22)
    assert encoder.count_params() == in_encoder
    in_decoder += conv(4, 32, 3) - conv(4, 32, 1) + 22 * 256
    assert decoder.count_params() == in_decoder


@every_network
@pytest.mark.parametrize(
    "image_shape, latent_dim",
    [
        ((32, 32, 3), 10),
        ((33, 33, 1), 1),
        ((48, 80, 3), 32),
        ((64, 64, 5), 10),
        ((96, 96, 1), 32),
        ((100, 100, 3), 1),
        ((128, 128, 1), 10),
        ((256, 256, 1), 10),
    ],
)
def test_an_image_goes_in_and_comes_out(name, image_shape, latent_dim):
    encoder, decoder = build(name, image_shape, latent_dim)
    mean, log_var = encoder(np.zeros([2, *image_shape], np.float32))
    assert mean.shape == log_var.shape == (2, latent_dim)
    assert decoder(mean).shape == (2, *image_shape)


@every_network
def test_outputs_have_no_activation(name):
    keras.utils.set_random_seed(0)
    encoder, decoder = build(name, (32, 32, 1), 10)
    images = keras.random.uniform([8, 32, 32, 1], seed=0)
    for outputs in (*encoder(images), decoder(encoder(images)[0])):
        outputs = keras.ops.convert_to_numpy(outputs)
        assert outputs.min() < 0 < outputs.max()


@pytest.mark.parametrize("name", networks.names())
def test_no_two_kernels_start_equal(name):
    network = networks.get(name)
    for model in (
        network.encoder((64, 64, 1), 10),
        network.decoder((64, 64, 1), 10),
    ):
        kernels = [v.numpy() for v in model.weights if "kernel" in v.path]
        for first, second in itertools.combinations(kernels, 2):
            assert not np.array_equal(first, second)
