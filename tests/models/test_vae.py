import keras
import numpy as np
import pytest
import tensorflow as tf

import tfvae
from tfvae.likelihoods import LIKELIHOODS
from tfvae.objectives.capacity import B
from tfvae.objectives.total_correlation import TC
from tfvae.schedules import Linear

SHAPE = (32, 32, 1)


def images(count: int = 8, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, [count, *SHAPE]).astype("float32")


def small(objective="H", **options) -> tfvae.VAE:
    keras.utils.set_random_seed(0)
    model = tfvae.VAE(SHAPE, 4, objective=objective, **options)
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    return model


def weights(model) -> list[np.ndarray]:
    return [v.numpy() for v in model.trainable_variables]


def assert_same(first, second, **tolerance):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a, b, **tolerance)


def test_shapes_and_ranges_of_every_method():
    model, x = small(), images()
    mean, log_var = model.encode(x)
    assert mean.shape == log_var.shape == (8, 4)
    for pictures in (
        model.decode(mean),
        model.reconstruct(x),
        model(x),
        model.sample(8, seed=1),
        model.predict(x, verbose=0),
    ):
        assert pictures.shape == (8, *SHAPE)
        assert 0 <= np.min(pictures) <= np.max(pictures) <= 1


def test_samples_are_a_function_of_the_seed():
    model = small()
    first, again, other = (model.sample(2, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_infer_samples_the_posterior():
    model, x = small(), np.repeat(images(1), 4000, axis=0)
    forward = model.infer(x, seed=[1, 2])
    mean, log_var = model.encode(x[:1])
    np.testing.assert_allclose(np.mean(forward.z, 0), mean[0], atol=0.15)
    np.testing.assert_allclose(
        np.std(forward.z, 0), np.exp(0.5 * log_var[0]), rtol=0.1
    )


def test_training_lowers_the_loss():
    halves = np.zeros([64, *SHAPE], "float32")
    halves[:32, :16] = halves[32:, 16:] = 1.0
    history = small().fit(halves, epochs=15, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]


def test_the_loss_does_not_depend_on_the_batch_size():
    """The mean over an image repeated is that of the image, for all terms."""
    model, x = small(), images(1)
    few, many = (
        model.evaluate(
            np.repeat(x, 1024, 0),
            batch_size=batch_size,
            verbose=0,
            return_dict=True,
        )
        for batch_size in (16, 1024)
    )
    assert many["kl"] == pytest.approx(few["kl"], rel=1e-4)
    assert many["nll"] == pytest.approx(few["nll"], rel=0.05)


def test_gradient_of_the_training_loss_by_finite_differences():
    model, x = small(B(gamma=3.0, capacity=1.0)), images()
    kernel = model.decoder.trainable_variables[0]

    def loss():
        return tf.reduce_mean(
            model.objective(model.infer(x, [0, 7]), 0)["loss"]
        )

    with tf.GradientTape() as tape:
        value = loss()
    gradient = tape.gradient(value, kernel)
    place = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    start, step = kernel.numpy(), 1e-3
    values = []
    for sign in (1, -1):
        moved = start.copy()
        moved[place] += sign * step
        kernel.assign(moved)
        values.append(float(loss()))
    assert float(gradient[place]) == pytest.approx(
        (values[0] - values[1]) / (2 * step), rel=0.02
    )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("likelihood", LIKELIHOODS.names())
def test_every_likelihood_predicts_under_mixed_precision(likelihood, policy):
    model = small(likelihood=likelihood, dtype=policy)
    pictures = model.predict(images(), verbose=0)
    assert pictures.dtype == np.float32
    assert np.isfinite(pictures).all()


def test_capacity_moves_with_training_steps_alone():
    model = small(B(gamma=1.0, capacity=Linear(0.0, 8.0, steps=8)))
    x = images(16)
    logs = [
        model.fit(
            x, batch_size=8, validation_data=(x,), epochs=1, verbose=0
        ).history["capacity"][0]
        for _ in range(3)
    ]
    model.evaluate(x, verbose=0)
    assert logs == [0.5, 2.5, 4.5]
    assert model.evaluate(x, verbose=0, return_dict=True)["capacity"] == 6


def test_compiled_steps_equal_eager_steps():
    results = []
    for run_eagerly in (True, False):
        model = small(TC(dataset_size=100))
        model.compile(
            optimizer=keras.optimizers.SGD(1e-4), run_eagerly=run_eagerly
        )
        model.fit(images(), epochs=3, shuffle=False, verbose=0)
        results.append(weights(model))
    assert_same(*results, rtol=1e-3, atol=1e-5)


def test_several_steps_per_execution_equal_one():
    results = []
    for steps in (1, 4):
        model = small()
        model.compile(
            optimizer=keras.optimizers.Adam(1e-3), steps_per_execution=steps
        )
        model.fit(images(32), batch_size=8, epochs=2, shuffle=False, verbose=0)
        results.append(weights(model))
    assert_same(*results, rtol=1e-5, atol=1e-6)


def test_xla_trains_and_repeats_itself():
    """Not step for step as without it: XLA draws other noise from a seed."""
    results = []
    for _ in range(2):
        model = small()
        model.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=True)
        nll = model.fit(images(), epochs=10, verbose=0).history["nll"]
        results.append(weights(model))
        assert nll[-1] < 0.95 * nll[0]
    assert_same(*results, rtol=0, atol=0)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_keeps_the_densities_in_float32(policy):
    model, x = small(dtype=policy), images()
    forward = model.infer(x)
    assert forward.nll().dtype == forward.kl().dtype == tf.float32
    assert {v.dtype for v in model.trainable_variables} == {"float32"}
    assert model.encoder.layers[1].compute_dtype == policy.removeprefix(
        "mixed_"
    )
    before, history = weights(model), model.fit(x, epochs=20, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert any(
        np.abs(a - b).max() > 1e-4
        for a, b in zip(before, weights(model), strict=True)
    )


def test_float16_scales_its_loss():
    model = small(dtype="mixed_float16")
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)


def test_learned_scale_finds_the_noise_of_the_images():
    rng = np.random.default_rng(0)
    noisy = np.clip(0.5 + 0.1 * rng.normal(size=[64, *SHAPE]), 0, 1)
    model = small("VAE", likelihood="sigma_gaussian")
    model.compile(optimizer=keras.optimizers.Adam(1e-2))
    model.fit(noisy.astype("float32"), epochs=160, verbose=0)
    assert np.exp(model.log_scale.numpy()) == pytest.approx(0.1, rel=0.1)


def test_uint8_images_are_refused():
    with pytest.raises(ValueError, match="divide uint8 images by 255"):
        small().fit(np.zeros([2, *SHAPE], "uint8"), verbose=0)


def test_sample_weights_are_refused():
    with pytest.raises(ValueError, match="Sample weights"):
        small().fit(images(2), images(2), sample_weight=np.ones(2), verbose=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_shape": (64, 64)}, "height, width, channels"),
        ({"image_shape": (16, 64, 1)}, "from 32 to 256"),
        ({"image_shape": (64, 257, 1)}, "from 32 to 256"),
        ({"latent_dim": 0}, "latent_dim=0"),
        ({"network": "burges2018"}, "Did you mean 'burgess2018'"),
        ({"likelihood": "bernouli"}, "Did you mean 'bernoulli'"),
        ({"objective": "h"}, "Unknown objective"),
    ],
)
def test_bad_arguments_say_what_is_right(options, message):
    with pytest.raises(ValueError, match=message):
        tfvae.VAE(**{"image_shape": SHAPE, **options})
