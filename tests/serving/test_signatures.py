"""Exports answer in TensorFlow's C library as the model does in Python."""

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.questions import BATCHES
from tests.serving.questions import LARGEST_BATCH
from tests.serving.questions import inputs_of
from tests.serving.questions import warmup
from tests.serving.questions import wrong
from tfvae.serving.signatures import signatures

EVERY_BATCH = pytest.mark.parametrize("batch", BATCHES)


def assert_same(answer, **expected):
    assert answer.keys() == expected.keys()
    for name, value in expected.items():
        assert answer[name].dtype == np.float32
        np.testing.assert_allclose(answer[name], value, rtol=1e-6, atol=1e-6)


@EVERY_BATCH
def test_encode_and_reconstruct_are_the_models(exported, answers, batch):
    images = inputs_of(exported.model, batch)["image"]
    mean, log_var = tf.function(exported.model.encode)(images)
    assert_same(answers[f"encode {batch}"], mean=mean, log_var=log_var)
    assert_same(answers[f"encode_uint8 {batch}"], mean=mean, log_var=log_var)
    for name in ("reconstruct", "serving_default"):
        assert_same(
            answers[f"{name} {batch}"],
            reconstruction=tf.function(exported.model.reconstruct)(images),
            mean=mean,
            log_var=log_var,
        )


@EVERY_BATCH
def test_files_are_encoded_as_their_pixels(exported, answers, batch):
    if exported.model.image_shape[-1] == 2:
        assert "encode_png" not in signatures(exported.model)
    else:
        pixels = answers[f"encode_uint8 {batch}"]
        assert_same(answers[f"encode_png {batch}"], **pixels)


@EVERY_BATCH
def test_decode_is_the_models(exported, answers, batch):
    z = inputs_of(exported.model, batch)["z"]
    assert_same(
        answers[f"decode {batch}"], image=tf.function(exported.model.decode)(z)
    )


@EVERY_BATCH
def test_a_seed_gives_the_same_sample_in_any_batch(exported, answers, batch):
    seeds = inputs_of(exported.model, batch)["seed"]
    latents = [exported.model.latent_dim]
    z = np.stack([tf.random.stateless_normal(latents, s) for s in seeds])
    assert_same(
        answers[f"sample {batch}"],
        z=z,
        image=tf.function(exported.model.decode)(z),
    )
    assert len(np.unique(z)) == z.size


@EVERY_BATCH
def test_traverse_moves_one_latent(exported, answers, batch):
    inputs = inputs_of(exported.model, batch)
    images = answers[f"traverse {batch}"]["images"]
    decode = tf.function(exported.model.decode)
    rows = zip(
        images, inputs["z"], inputs["dim"], inputs["values"], strict=True
    )
    for row, z, dim, values in rows:
        way = np.tile(z, [len(values), 1])
        way[:, dim] = values
        np.testing.assert_allclose(row, decode(way), rtol=1e-6, atol=1e-6)


def test_wrong_input_gets_an_error_and_ends_nothing(exported, answers):
    for name in wrong(exported.model):
        assert isinstance(answers[name], str), name


def test_warmup_asks_every_signature_at_both_batch_sizes(exported, answers):
    names = {
        f"warmup {name} {batch}"
        for name in signatures(exported.model)
        for batch in (1, LARGEST_BATCH)
    }
    assert {*warmup(exported.directory)} == names
    for name in names:
        for value in answers[name].values():
            assert len(value) == int(name.split()[-1])
            assert np.isfinite(value).all()
