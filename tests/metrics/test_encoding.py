import numpy as np

import tfvae
from tfvae.metrics import encoding

DATASET = tfvae.data.from_arrays(np.zeros([9, 32, 32, 1], np.uint8))


def test_a_model_is_traced_for_each_shape_not_for_each_call():
    """Full batches and a short one; another model has graphs of its own."""
    traced = []

    def shape(model, images):
        traced.append(model)
        return images

    one, two = tfvae.VAE((32, 32, 1)), tfvae.VAE((32, 32, 1))
    for images in DATASET.in_order(np.arange(9), 4):
        for model in (one, two):
            encoding.compiled(model, shape)(images)
    assert sorted(map(id, traced)) == sorted(2 * [id(one), id(two)])


def test_codes_are_those_of_the_weights_as_they_are_now():
    model = tfvae.VAE((32, 32, 1), latent_dim=2)
    images = DATASET.floats(DATASET.images(np.arange(9)))
    for _ in range(2):
        codes, log_vars = encoding.encode(model, DATASET, np.arange(9))
        expected = model.encode(images)
        np.testing.assert_allclose(codes, expected[0], atol=1e-6)
        np.testing.assert_allclose(log_vars, expected[1], atol=1e-6)
        for weight in model.encoder.trainable_variables:
            weight.assign(weight + 0.01)
